// Package paper is what of an order is printed and proved: the cover of its report, its statement, and the public page on
// which anybody checks a report by its number or by the file itself.
//
// Each file of a report is signed with the node's key when it is submitted: the statement says who issued it, under which number,
// when, and its hash; anybody can take it along and check it without this program. Everything else is read from the order when
// it is asked for. The public page shows what proves a copy (who issued it, when, the hashes, the signature), never what is in
// it or who ordered it.
//
// Invariant (checked by Verify): a signature is of its statement, and the statement about its file.
//
// Tables: paper_signature. Events: none.
package paper

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
