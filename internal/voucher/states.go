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
	Drafted   = "draft"
	Submitted = "submitted"
	Waiting   = "waiting" // for the next batch: the budget of this one did not reach it
	Approved  = "approved"
	Declined  = "refused"
	Withdrawn = "withdrawn"
)

// Applications is the life of an application: a firm saves and submits, the authority decides, one by one or a batch
// together. Approval issues the grant. A refused one can be amended and submitted again.
var Applications = state.Table{
	{From: "", Verb: "save", To: Drafted, Who: []string{SideFirm}},
	{From: Drafted, Verb: "save", To: Drafted, Who: []string{SideFirm}},
	{From: "", Verb: "submit", To: Submitted, Who: []string{SideFirm}},
	{From: Drafted, Verb: "submit", To: Submitted, Who: []string{SideFirm}},
	{From: Drafted, Verb: "withdraw", To: Withdrawn, Who: []string{SideFirm}},
	{From: Submitted, Verb: "withdraw", To: Withdrawn, Who: []string{SideFirm}},
	{From: Waiting, Verb: "withdraw", To: Withdrawn, Who: []string{SideFirm}},
	{From: Declined, Verb: "amend", To: Drafted, Who: []string{SideFirm}},
	{From: Submitted, Verb: "approve", To: Approved, Who: []string{SideAuthority}},
	{From: Waiting, Verb: "approve", To: Approved, Who: []string{SideAuthority}},
	{From: Submitted, Verb: "refuse", To: Declined, Who: []string{SideAuthority}},
	{From: Waiting, Verb: "refuse", To: Declined, Who: []string{SideAuthority}},
	{From: Submitted, Verb: "wait", To: Waiting, Who: []string{SideAuthority}},
	{From: Waiting, Verb: "wait", To: Waiting, Who: []string{SideAuthority}},
}

// Grants is the life of an issued voucher. What it holds moves in the ledger; after its last day only what was
// committed in time may still be used. A firm may return what it does not need; returned in full, it ends.
var Grants = state.Table{
	{From: "", Verb: "grant", To: "active", Who: []string{SideAuthority}},
	{From: "active", Verb: "return", To: "returned", Who: []string{SideFirm}},
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
// claim is paid with the last one, and payable again when the bank gives one back (see PayPart, BouncePart). Paid money is
// asked back whole or in parts (recover-part is how a part of it stands in the history), and noted when it comes back.
// A provider's reward is proposed by an officer, and begins where others are verified.
var Claims = state.Table{
	{From: "", Verb: "propose", To: "verified", Who: []string{SideAuthority}},
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
	{From: "paid", Verb: "recover-part", To: "paid", Who: []string{SideAuthority}},
	{From: "paid", Verb: "receive", To: "paid", Who: []string{SideAuthority}},
	{From: "recovered", Verb: "receive", To: "recovered", Who: []string{SideAuthority}},
}
