// Package message tells people what happened and what waits for them: on the page (always), and by mail or another
// channel as each person chose.
//
// A reaction calls Notify in the delivery transaction of an event, so a notice is written exactly once: the notice, one
// receipt for each person it is for, and one delivery for each further channel. Texts are kept as the Chinese key and
// its arguments; every reader sees his own language. The courier sends due deliveries outside any transaction, at
// least once, each with the same key on the wire at every attempt; what fails is tried again with growing pauses and is
// parked after MaxAttempts, or at once when the other side refuses it, where the operator sees it.
//
// Invariants (Verify): every notice has a receipt; every delivery belongs to a receipt; sent means with a time.
//
// Tables: message_notice, message_receipt, message_delivery, message_preference. It publishes no events.
package message

import _ "embed"

// English is the English of this module's sentences.
//
//go:embed en.json
var English []byte
