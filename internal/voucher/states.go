package voucher

import "qiao/internal/platform/state"

// Sides that move vouchers, as the tables below name them.
const (
	SideFirm      = "firm"      // the firm that holds the voucher
	SideProvider  = "provider"  // the provider that collects it
	SideAuthority = "authority" // the officers of the programme's region
	SideOrder     = "order"     // the order the voucher pays for
	SideSystem    = "system"    // a job
)

// States of an application for a quota.
const (
	Submitted = "submitted"
	Approved  = "approved"
	Declined  = "refused"
)

// Applications is the life of an application: a firm submits, the authority decides. Approval issues the grant.
var Applications = state.Table{
	{From: "", Verb: "submit", To: Submitted, Who: []string{SideFirm}},
	{From: Submitted, Verb: "approve", To: Approved, Who: []string{SideAuthority}},
	{From: Submitted, Verb: "refuse", To: Declined, Who: []string{SideAuthority}},
}

// Grants is the life of an issued voucher. What it holds moves in the ledger; after its last day only what was
// committed in time may still be used.
var Grants = state.Table{
	{From: "", Verb: "grant", To: "active", Who: []string{SideAuthority}},
	{From: "active", Verb: "expire", To: "expired", Who: []string{SideSystem}},
}

// Holds is the life of the voucher's part of one order.
var Holds = state.Table{
	{From: "", Verb: "hold", To: "held", Who: []string{SideOrder}},
	{From: "held", Verb: "release", To: "released", Who: []string{SideOrder}},
	{From: "held", Verb: "use", To: "used", Who: []string{SideOrder}},
	{From: "used", Verb: "claim", To: "claimed", Who: []string{SideProvider}},
	{From: "claimed", Verb: "return", To: "used", Who: []string{SideAuthority}},
	{From: "claimed", Verb: "pay", To: "paid", Who: []string{SideAuthority}},
	{From: "paid", Verb: "bounce", To: "claimed", Who: []string{SideSystem}},
	{From: "paid", Verb: "recover", To: "recovered", Who: []string{SideAuthority}},
}

// Claims is the life of a redemption. Verifier and approver are two persons; money becomes payable on approval, and
// an objection upheld during the public notice refuses the claim and takes that back. Each funder pays its part; the
// claim is paid with the last one, and payable again when the bank gives one back (see PayPart, BouncePart).
var Claims = state.Table{
	{From: "", Verb: "submit", To: "submitted", Who: []string{SideProvider}},
	{From: "submitted", Verb: "verify", To: "verified", Who: []string{SideAuthority}},
	{From: "submitted", Verb: "refuse", To: "refused", Who: []string{SideAuthority}},
	{From: "verified", Verb: "approve", To: "approved", Who: []string{SideAuthority}},
	{From: "verified", Verb: "refuse", To: "refused", Who: []string{SideAuthority}},
	{From: "approved", Verb: "publish-notice", To: "published", Who: []string{SideAuthority}},
	{From: "approved", Verb: "refuse", To: "refused", Who: []string{SideAuthority}},
	{From: "published", Verb: "pay", To: "paid", Who: []string{SideAuthority}},
	{From: "published", Verb: "pay-part", To: "published", Who: []string{SideSystem}},
	{From: "published", Verb: "bounce", To: "published", Who: []string{SideSystem}},
	{From: "paid", Verb: "bounce", To: "published", Who: []string{SideSystem}},
	{From: "published", Verb: "refuse", To: "refused", Who: []string{SideAuthority}},
	{From: "paid", Verb: "recover", To: "recovered", Who: []string{SideAuthority}},
}
