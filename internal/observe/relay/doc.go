// Package relay carries a live picture from one browser to many (a selective forwarding unit): WebRTC in, WebRTC out, nothing
// decoded, nothing kept. Everybody connects to the one UDP port of this program; no STUN or TURN server is needed where
// browsers reach that port.
//
// It knows rooms and connections, nothing of people: who may come in, and when all must leave, is its caller's to say.
package relay
