// Package verify is what the modules' invariant checks report to `qiao verify`.
package verify

// Finding is one broken invariant; an empty list means all is well.
type Finding struct {
	Code   string `json:"code"`   // which invariant, e.g. "ledger.balance"
	Object string `json:"object"` // what breaks it: an id or a path
	Text   string `json:"text"`   // what was found and what was expected
}
