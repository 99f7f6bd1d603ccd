// Package rule keeps conditions as data and answers them in three values: yes, no, not yet known.
//
// A [Condition] has a code, a name in both languages, an expression over named facts and the clause it comes from. The
// expressions are CEL (https://cel.dev) over the facts of a [Vocabulary], with these simplifications: every number is a
// number (5 and 5.0 are one, dividing never truncates), money is a number of fen, written yuan(30000) or wan(3); days are
// date("2026-01-01"); today is always known; years(a, b), days(a, b), year(d) and count(list) compute.
//
// A fact without a value is unknown, and so is an answer that depends on it: then the answer names the facts that are
// missing. Where the answer does not depend on it (a || b with b true), it is decided. An answer once decided is never
// turned by a fact that becomes known. What cannot be computed (a division by zero) is for a person, as is a condition that
// experts grade.
//
// The package is pure: no clock, no database. A [Set] is compiled once and may be used by many at a time.
package rule

import _ "embed" // the package's English

// English is the package's translations, Chinese text to English.
//
//go:embed en.json
var English []byte
