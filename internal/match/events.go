package match

// About is what every event of a need tells.
type About struct {
	Need   string `json:"need"`
	Region string `json:"region"` // where it arises
	Org    string `json:"org"`    // whose it is
}

// NeedPublished follows when a need counts as published; Listed says whether it stands in the public list.
type NeedPublished struct {
	About
	Listed bool `json:"listed"`
}

// EventName is match.need-published.
func (NeedPublished) EventName() string { return "match.need-published" }

// SupplierInvited follows when the owner of a resource is asked to answer a need.
type SupplierInvited struct {
	About
	Resource string `json:"resource"`
	Owner    string `json:"owner"`
}

// EventName is match.supplier-invited.
func (SupplierInvited) EventName() string { return "match.supplier-invited" }

// NeedAnswered follows when the owner of a resource answers a need.
type NeedAnswered struct {
	About
	Resource string `json:"resource"`
	Owner    string `json:"owner"`
}

// EventName is match.need-answered.
func (NeedAnswered) EventName() string { return "match.need-answered" }

// CandidateAccepted follows when the firm presses accept on a candidate or response.
type CandidateAccepted struct {
	About
	Resource string `json:"resource"`
	Owner    string `json:"owner"`
}

// EventName is match.candidate-accepted.
func (CandidateAccepted) EventName() string { return "match.candidate-accepted" }

// CandidateDeclined follows when the firm declines one; Reason is a code of Declines.
type CandidateDeclined struct {
	About
	Resource string `json:"resource"`
	Owner    string `json:"owner"`
	Reason   string `json:"reason"`
}

// EventName is match.candidate-declined.
func (CandidateDeclined) EventName() string { return "match.candidate-declined" }

// SidesMet follows when a contact of both sides is put on record.
type SidesMet struct {
	About
	Resource string `json:"resource,omitempty"`
	Owner    string `json:"owner,omitempty"`
}

// EventName is match.sides-met.
func (SidesMet) EventName() string { return "match.sides-met" }

// AgreementSigned follows when the firm says that an agreement is signed.
type AgreementSigned struct {
	About
	Resource string `json:"resource"`
	Owner    string `json:"owner"`
}

// EventName is match.agreement-signed.
func (AgreementSigned) EventName() string { return "match.agreement-signed" }

// NeedClosed follows when a need is closed; Outcome is a code of Outcomes. Draft: it was never published.
type NeedClosed struct {
	About
	Outcome string `json:"outcome"`
	Draft   bool   `json:"draft,omitempty"`
}

// EventName is match.need-closed.
func (NeedClosed) EventName() string { return "match.need-closed" }
