// Package campus joins a provider's own calendar (its campus system, 校内系统) to the instruments it offers here.
//
// A connection says whose calendar decides between rivals. Where theirs does, a booking is placed here only after it was
// reserved and confirmed there; where ours does, what they want to take they have to take here first. Either way one
// calendar judges, so that two rivals on two sides never both win. docs/campus.md is the protocol for their programmers.
//
// What they take becomes a booking of kind external by the same guarantee of the database as every other (package
// booking). A record of theirs is known by its id and version: repeated and late ones change nothing, invented ones are
// refused with the reason. What we tell them is written in the transaction that changes the calendar and goes out by a
// courier: signed, in order for each instrument, tried again with longer pauses. A calendar file (.ics) is fetched.
//
// States: of a claim there see ClaimTable.
//
// Invariants (checked by Verify): a time of theirs that is held stands in the calendar, another one does not; a booking of
// an instrument whose calendar there decides has exactly one claim, or is listed as lost.
//
// Tables: campus_link, campus_map, campus_busy, campus_claim, campus_delivery, campus_usage.
//
// Events: Clashed, Lost.
package campus

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
