package mqtt

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
	"github.com/edge-infer/edge-infer/runtime/stream/sink"
)

// TestPacketsAgainstEclipse compares every byte with what the Eclipse client's codec writes.
func TestPacketsAgainstEclipse(t *testing.T) {
	encode := func(p packets.ControlPacket) []byte {
		var b bytes.Buffer
		if err := p.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	full := packets.NewControlPacket(packets.Connect).(*packets.ConnectPacket)
	full.ProtocolName, full.ProtocolVersion, full.CleanSession, full.Keepalive = "MQTT", 4, true, 31
	full.ClientIdentifier = "board"
	bare := *full
	full.WillFlag, full.WillQos, full.WillRetain, full.WillTopic, full.WillMessage = true, 1, true, "status", []byte("offline")
	full.UsernameFlag, full.Username, full.PasswordFlag, full.Password = true, "user", true, []byte("word")

	c := connect{clientID: "board", keepAlive: 30 * time.Second}
	if got := c.append(nil); !bytes.Equal(got, encode(&bare)) {
		t.Errorf("bare CONNECT %x, expected %x", got, encode(&bare))
	}
	c.will, c.willText, c.user, c.pass = "status", "offline", "user", "word"
	if got := c.append(nil); !bytes.Equal(got, encode(full)) {
		t.Errorf("full CONNECT %x, expected %x", got, encode(full))
	}
	// Payloads around each length at which the length itself grows by a byte.
	for _, size := range []int{0, 1, 100, 118, 119, 120, 121, 122, 16370, 16371, 16372, 16373, 16374, 2097140, 2097141, 2097142, 2097143, 2097144} {
		for qos := range byte(2) {
			p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
			p.Qos, p.Retain, p.TopicName, p.Payload = qos, qos == 1, "a/b", make([]byte, size)
			p.MessageID = 4711
			if got := appendPublish(nil, qos, qos == 1, 4711, []byte("a/b"), p.Payload); !bytes.Equal(got, encode(p)) {
				t.Errorf("PUBLISH of %d bytes, quality of service %d: %x, expected %x", size, qos, got[:16], encode(p)[:16])
			}
		}
	}
	if got, want := appendHead(nil, typePingreq, 0, 0), encode(packets.NewControlPacket(packets.Pingreq)); !bytes.Equal(got, want) {
		t.Errorf("PINGREQ %x, expected %x", got, want)
	}
	if got, want := appendHead(nil, typeDisconnect, 0, 0), encode(packets.NewControlPacket(packets.Disconnect)); !bytes.Equal(got, want) {
		t.Errorf("DISCONNECT %x, expected %x", got, want)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name, bytes string
		want        answer
		err         string
	}{
		{"accepted", "\x20\x02\x00\x00", answer{kind: typeConnack}, ""},
		{"refused", "\x20\x02\x01\x05", answer{kind: typeConnack, code: 5, id: 0x105}, ""},
		{"acknowledged", "\x40\x02\x12\x34", answer{kind: typePuback, code: 0x34, id: 0x1234}, ""},
		{"alive", "\xd0\x00", answer{kind: typePingresp}, ""},
		{"nothing", "", answer{}, "EOF"},
		{"half a head", "\x40", answer{}, "unexpected EOF"},
		{"half a body", "\x40\x02\x12", answer{}, "unexpected EOF"},
		{"a message", "\x30\x80\x80\x80\x7f", answer{}, "no answer to a publisher"},
		{"a long acknowledgement", "\x40\xff\xff\xff\x7f", answer{}, "no answer to a publisher"},
		{"flags", "\x41\x02\x00\x01", answer{}, "no answer to a publisher"},
	} {
		got, err := readAnswer(bufio.NewReader(strings.NewReader(c.bytes)))
		if c.err == "" && (err != nil || got != c.want) || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte("\x20\x02\x00\x00\x40\x02\x12\x34\xd0\x00"))
	f.Add([]byte("\x40\xff\xff\xff\x7f"))
	f.Add([]byte("\x20\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReader(bytes.NewReader(data))
		for read := 0; ; {
			a, err := readAnswer(r)
			if err != nil {
				return
			}
			read += 4
			if a.kind == typePingresp {
				read -= 2
			}
			if rest := len(data) - read; rest != r.Buffered() {
				t.Fatalf("%x: %d bytes are left after %d", data, r.Buffered(), read)
			}
			if a.kind != typeConnack && a.kind != typePuback && a.kind != typePingresp {
				t.Fatalf("%x: a packet of type %d", data, a.kind)
			}
		}
	})
}

// FuzzTopic asks of each template that is taken that every message's topic is one a broker takes.
func FuzzTopic(f *testing.F) {
	for _, s := range []string{"a/{host}/{class}", "{active}", "{", "}", "{{host}}", "a/#", "$x", "\xff", "{class}{class}"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, template string, class int) {
		p, err := parseTopic(template, map[string]string{"host": "nano"})
		if err != nil {
			return
		}
		topic := string(p.append(nil, &sink.Message{Class: class}))
		if topic == "" || len(topic) > maxTopic || strings.ContainsAny(topic, "+#{}\x00") || topic[0] == '$' || strings.ToValidUTF8(topic, "") != topic {
			t.Fatalf("%q gives %q", template, topic)
		}
	})
}
