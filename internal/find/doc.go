// Package find keeps what a person takes from a search, and what the operator learns from all of them.
//
// A person's own: searches with alerts (saved.go), favourites with notes, what was looked at last (kept.go). Side by
// side and on a map: compare.go, tiles.go; both work by their address alone.
//
// The operator's evidence (journal.go): what is asked, how often nothing is found, which result is opened. It names no
// person and no address. Sessions are told apart only by a keyed mark whose key lives in the memory of this process
// and changes every week; a text is written down only after enough different sessions typed it, everything else is
// counted as rare. Synonyms (synonym.go): proposed by a person or learnt from the journal, approved by a person, in
// force at once.
//
// An alert's message carries a signed link that ends the alert without signing in (stop.go).
//
// Tables: find_search, find_favourite, find_seen, find_query, find_count, find_term, find_synonym, find_key. Events: Matched.
package find

import _ "embed" // the module's English

// English is the English of this module's sentences, for i18n.New.
//
//go:embed en.json
var English []byte
