// Package scheme is the rules of voucher programmes (创新券), pure: no clock, no store, no network.
//
// [Terms] are dated JSON data, each number with the [Clause] it comes from; [ParseTerms] reads them and
// [Terms.Validate] names each field that is wrong. [Terms.Quote] divides a price and explains every step,
// [Terms.Check] goes through what an applicant must be, [Split] divides an amount among the funders to the fen.
// A [Draft] is a whole programme as an authority hands it in. What moves money and states by these rules is
// package voucher.
package scheme

import _ "embed" // the package's English

// English is the package's translations, Chinese text to English.
//
//go:embed en.json
var English []byte
