// Package onsite is what happens at the instrument: a code to scan, check-in, start and stop, what a meter says beside what
// people logged, and faults.
//
// Every booking that was accepted has one session. A session begins only within its window; who does not come by the rule's
// minutes has not kept the booking; who forgets to stop is stopped at the booked end and the rule's grace. The rules are
// dated data of each provider, the platform's own are in rules.json. An order's state is changed by the order's own verbs
// only; a session is read from the order.
//
// Hours without idle running are the minutes between start and stop in which the meter said that power was on; without a
// meter they are the logged minutes.
//
// Invariants (checked by Verify): a session that is done or runs has a start; one that was not kept has none.
//
// Tables: onsite_rule, onsite_station, onsite_session, onsite_reading, onsite_fault.
//
// Events: Closed, NotKept, Faulted.
package onsite

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
