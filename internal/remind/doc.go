// Package remind tells people of what comes and of what is late: who booked, before it begins; who has to act on an order or
// deliver a milestone, when the promised day has passed; then both sides; then the authority of the region. Each reminder is given once.
//
// When and whom is dated data (rules.json), with its source. A booking that is put to another time, and an order on which
// somebody else has to act, are reminded of anew.
//
// Tables: remind_told. Events: Soon, Late.
package remind

import _ "embed" // the rules

//go:embed rules.json
var rulesFile []byte
