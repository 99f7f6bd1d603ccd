package payout

import "qiao/internal/platform/money"

// AccountChanged follows when an account waits to be confirmed, or was decided.
type AccountChanged struct {
	Account string `json:"account"`
	Org     string `json:"org"`
	Region  string `json:"region"`
	State   string `json:"state"` // see Accounts
	Stopped int    `json:"stopped,omitempty"`
}

// EventName is payout.account-changed.
func (AccountChanged) EventName() string { return "payout.account-changed" }

// BatchMoved follows when a batch has moved by a verb.
type BatchMoved struct {
	Batch  string    `json:"batch"`
	Number string    `json:"number"`
	Funder string    `json:"funder"`
	Region string    `json:"region"`
	Verb   string    `json:"verb"`
	State  string    `json:"state"`
	Total  money.Fen `json:"total"`
	Count  int       `json:"count"`
}

// EventName is payout.batch-moved.
func (BatchMoved) EventName() string { return "payout.batch-moved" }

// PaymentReturned follows when a payment came back from the bank.
type PaymentReturned struct {
	Item   string    `json:"item"`
	Number string    `json:"number"`
	Claim  string    `json:"claim"`
	Payee  string    `json:"payee"`
	Funder string    `json:"funder"`
	Amount money.Fen `json:"amount"`
	Reason string    `json:"reason"`
}

// EventName is payout.payment-returned.
func (PaymentReturned) EventName() string { return "payout.payment-returned" }
