// Package policy holds what authorities offer. So far that is one thing: calls for proposals from
// public sources, to be searched and read (申报通知).
//
// A call is a public record, never edited here. Its dates are kept as the source wrote them; where
// they are no dates, or contradict each other, the call says so instead of being mended. Whether it
// is open follows from its deadline and today's civil date alone. Putting the same source in twice
// changes nothing. Table: policy_call.
package policy

import _ "embed"

// English are the module's texts in English, by their Chinese.
//
//go:embed en.json
var English []byte
