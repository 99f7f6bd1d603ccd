// Package pricing keeps price rules as dated data and counts prices out.
//
// A [Plan] says what a resource costs: rates that are alternatives of each other (by the hour, sample, day …; each
// with a flat fee that covers some units, steps, a minimum), periods at another price (nights, weekends, holidays),
// add-ons, discounts in a stated order, fees for cancelling late and for not coming, and whether booked or used time
// is billed. [Price] is the one function: plan and [Facts] give lines that explain themselves and their sum. The
// estimate, the order and the bill all come from it, so that the estimate equals the bill when nothing changed;
// [Bill] says what differs when something did. This part is pure: no clock, no database.
//
// A plan belongs to one resource or to all of a provider ([Sheet]); its versions ([Version]) are dated, never edited
// once published, only followed by the next. Where there is none, the catalogue's price lines are read as a plan.
// What an order was priced by is kept with it ([Service.Keep]), so that its bill does not move with later versions.
//
// Rounding: each line half up to the fen; a period's price is rounded half up to the fen before it is multiplied, so
// that rate times quantity is what stands on the line; sums are exact. What overflows or is negative is refused.
//
// Tables: pricing_plan, pricing_version, pricing_member, pricing_kept. Invariants: verify.go.
package pricing

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte
