// Package secure holds what connections to a broker or a web server need to be safe: certificates, and secrets.
//
// A [Secret] does not hold a secret, only the place where it is: a variable of the environment or a file, such as
// systemd's LoadCredential= provides. It is read for each connection and kept nowhere, so that printing a
// configuration prints no secret, and a token that was renewed on disk is in force at the next connection. The same
// holds for the client's certificate of a [TLS].
//
// There is no switch that turns the server's certificate off. For a broker with a certificate of one's own making,
// its authority is named in CA. A board without a clock battery believes in 1970 until it has asked a time server;
// until then every certificate lies in the future and connections are refused and tried again.
package secure
