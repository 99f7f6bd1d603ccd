// Package editor is where an authority writes the rules of its voucher programmes: published schemes of other regions
// to begin from, a draft that is kept while it is written ([Draft]), its preview, its worked cases, what differs from the
// rules in force, and what it would have cost on the orders of the past ([Service.Simulate]). Publishing hands the draft
// to package voucher, which alone keeps programmes and their money.
//
// Table: voucher_draft. It reads voucher_claim, voucher_claim_item and voucher_hold for simulations.
package editor

import _ "embed" // the package's English

// English is the package's translations, Chinese text to English.
//
//go:embed en.json
var English []byte
