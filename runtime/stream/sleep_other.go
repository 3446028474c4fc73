//go:build !linux

package stream

import "time"

func sleepUntil(t time.Time) { time.Sleep(time.Until(t)) }
