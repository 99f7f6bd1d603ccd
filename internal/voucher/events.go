package voucher

import "qiao/internal/platform/money"

// Applied follows when a firm has applied for a quota.
type Applied struct {
	Application string    `json:"application"`
	Programme   string    `json:"programme"`
	Region      string    `json:"region"`
	Firm        string    `json:"firm"`
	Amount      money.Fen `json:"amount"`
}

// EventName is voucher.applied.
func (Applied) EventName() string { return "voucher.applied" }

// Granted follows when an application is approved and its voucher issued.
type Granted struct {
	Grant       string    `json:"grant"`
	Application string    `json:"application"`
	Programme   string    `json:"programme"`
	Region      string    `json:"region"`
	Firm        string    `json:"firm"`
	Amount      money.Fen `json:"amount"`
	ExpiresOn   string    `json:"expires_on"`
}

// EventName is voucher.granted.
func (Granted) EventName() string { return "voucher.granted" }

// Waived follows when an officer overrules a condition of an application.
type Waived struct {
	Application string `json:"application"`
	Programme   string `json:"programme"`
	Region      string `json:"region"`
	Firm        string `json:"firm"`
	Condition   string `json:"condition"` // its Chinese name
}

// EventName is voucher.waived.
func (Waived) EventName() string { return "voucher.waived" }

// ApplicationRefused follows when an application is refused; the reason stands with the application.
type ApplicationRefused struct {
	Application string    `json:"application"`
	Programme   string    `json:"programme"`
	Region      string    `json:"region"`
	Firm        string    `json:"firm"`
	Amount      money.Fen `json:"amount"`
}

// EventName is voucher.application-refused.
func (ApplicationRefused) EventName() string { return "voucher.application-refused" }

// Commitment is what Held, Released and Used tell.
type Commitment struct {
	Hold      string    `json:"hold"`
	Order     string    `json:"order"`
	Programme string    `json:"programme"`
	Region    string    `json:"region"`
	Firm      string    `json:"firm"`
	Provider  string    `json:"provider"`
	Way       string    `json:"way,omitempty"` // scheme.Direct or scheme.Repay
	Amount    money.Fen `json:"amount"`
}

// Held follows when an order's part of a voucher is set aside.
type Held struct{ Commitment }

// EventName is voucher.held.
func (Held) EventName() string { return "voucher.held" }

// Released follows when what was set aside goes back to the firm's wallet.
type Released struct{ Commitment }

// EventName is voucher.released.
func (Released) EventName() string { return "voucher.released" }

// Used follows when a confirmed order has spent its part; Amount is what was spent.
type Used struct{ Commitment }

// EventName is voucher.used.
func (Used) EventName() string { return "voucher.used" }

// Redemption is what the events of a claim tell.
type Redemption struct {
	Claim     string    `json:"claim"`
	Programme string    `json:"programme"`
	Region    string    `json:"region"`
	Provider  string    `json:"provider"` // empty when the firm is repaid
	Payee     string    `json:"payee"`    // who is paid: the provider, or the firm that paid the whole price
	Way       string    `json:"way,omitempty"`
	Amount    money.Fen `json:"amount"`
	Orders    []string  `json:"orders"`
}

// Claimed follows when a provider has submitted a redemption.
type Claimed struct{ Redemption }

// EventName is voucher.claimed.
func (Claimed) EventName() string { return "voucher.claimed" }

// ClaimVerified follows when an officer has verified a redemption.
type ClaimVerified struct{ Redemption }

// EventName is voucher.claim-verified.
func (ClaimVerified) EventName() string { return "voucher.claim-verified" }

// ClaimApproved follows when a second officer has approved it: it is now payable.
type ClaimApproved struct{ Redemption }

// EventName is voucher.claim-approved.
func (ClaimApproved) EventName() string { return "voucher.claim-approved" }

// NoticePublished follows when its public notice is out; it may be paid from PayableOn.
type NoticePublished struct {
	Redemption
	PayableOn string `json:"payable_on"`
}

// EventName is voucher.notice-published.
func (NoticePublished) EventName() string { return "voucher.notice-published" }

// Paid follows when it is paid: its orders are settled.
type Paid struct{ Redemption }

// EventName is voucher.paid.
func (Paid) EventName() string { return "voucher.paid" }

// ClaimRefused follows when it is refused; its orders may be claimed again.
type ClaimRefused struct{ Redemption }

// EventName is voucher.claim-refused.
func (ClaimRefused) EventName() string { return "voucher.claim-refused" }

// Recovered follows when paid money is asked back.
type Recovered struct{ Redemption }

// EventName is voucher.recovered.
func (Recovered) EventName() string { return "voucher.recovered" }

// GrantExpiring follows six and three weeks before a grant ends with money left in it, and on its last day.
type GrantExpiring struct {
	Grant     string    `json:"grant"`
	Programme string    `json:"programme"`
	Region    string    `json:"region"`
	Firm      string    `json:"firm"`
	Left      money.Fen `json:"left"`
	ExpiresOn string    `json:"expires_on"`
	Days      int       `json:"days"` // which reminder: 42, 21 or 0 days before its last day
}

// EventName is voucher.grant-expiring.
func (GrantExpiring) EventName() string { return "voucher.grant-expiring" }

// GrantExpired follows when a grant has ended; Amount is what lapsed.
type GrantExpired struct {
	Grant     string    `json:"grant"`
	Programme string    `json:"programme"`
	Region    string    `json:"region"`
	Firm      string    `json:"firm"`
	Amount    money.Fen `json:"amount"`
}

// EventName is voucher.grant-expired.
func (GrantExpired) EventName() string { return "voucher.grant-expired" }

// ApplicationWaiting follows when the budget of a batch did not reach an application: it waits for the next one.
type ApplicationWaiting struct {
	Application string    `json:"application"`
	Programme   string    `json:"programme"`
	Region      string    `json:"region"`
	Firm        string    `json:"firm"`
	Amount      money.Fen `json:"amount"`
}

// EventName is voucher.application-waiting.
func (ApplicationWaiting) EventName() string { return "voucher.application-waiting" }

// ApplicationWithdrawn follows when a firm takes its application back.
type ApplicationWithdrawn struct {
	Application string    `json:"application"`
	Programme   string    `json:"programme"`
	Region      string    `json:"region"`
	Firm        string    `json:"firm"`
	Amount      money.Fen `json:"amount"`
}

// EventName is voucher.application-withdrawn.
func (ApplicationWithdrawn) EventName() string { return "voucher.application-withdrawn" }

// Returned follows when a firm gives back what it does not need of a voucher.
type Returned struct {
	Grant     string    `json:"grant"`
	Programme string    `json:"programme"`
	Region    string    `json:"region"`
	Firm      string    `json:"firm"`
	Amount    money.Fen `json:"amount"`
}

// EventName is voucher.returned.
func (Returned) EventName() string { return "voucher.returned" }

// Received follows when money that was asked back has come.
type Received struct{ Redemption }

// EventName is voucher.received.
func (Received) EventName() string { return "voucher.received" }
