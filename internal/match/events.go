package match

// Facts is what every event of a need tells.
type Facts struct {
	Need   string `json:"need"`
	Region string `json:"region"` // where it arises
	Firm   string `json:"firm"`   // whose it is
}

// NeedPublished follows when a need counts as published; Listed says whether it stands in the public list.
type NeedPublished struct {
	Facts
	Listed bool `json:"listed"`
}

// EventName is match.need-published.
func (NeedPublished) EventName() string { return "match.need-published" }

// Invited follows when the owner of a resource is asked to answer a need.
type Invited struct {
	Facts
	Resource string `json:"resource"`
	Provider string `json:"provider"`
}

// EventName is match.invited.
func (Invited) EventName() string { return "match.invited" }

// Answered follows when the owner of a resource answers a need.
type Answered struct {
	Facts
	Resource string `json:"resource"`
	Provider string `json:"provider"`
}

// EventName is match.answered.
func (Answered) EventName() string { return "match.answered" }

// CandidateAccepted follows when the firm presses accept on a candidate or response.
type CandidateAccepted struct {
	Facts
	Resource string `json:"resource"`
	Provider string `json:"provider"`
}

// EventName is match.candidate-accepted.
func (CandidateAccepted) EventName() string { return "match.candidate-accepted" }

// CandidateDeclined follows when the firm declines one; Reason is a code of Declines.
type CandidateDeclined struct {
	Facts
	Resource string `json:"resource"`
	Provider string `json:"provider"`
	Reason   string `json:"reason"`
}

// EventName is match.candidate-declined.
func (CandidateDeclined) EventName() string { return "match.candidate-declined" }

// Contacted follows when a contact of both sides is put on record.
type Contacted struct {
	Facts
	Resource string `json:"resource,omitempty"`
	Provider string `json:"provider,omitempty"`
}

// EventName is match.contacted.
func (Contacted) EventName() string { return "match.contacted" }

// AgreementSigned follows when the firm says that an agreement is signed.
type AgreementSigned struct {
	Facts
	Resource string `json:"resource"`
	Provider string `json:"provider"`
}

// EventName is match.agreement-signed.
func (AgreementSigned) EventName() string { return "match.agreement-signed" }

// NeedClosed follows when a need is closed; Outcome is a code of Outcomes. Draft: it was never published.
type NeedClosed struct {
	Facts
	Outcome string `json:"outcome"`
	Draft   bool   `json:"draft,omitempty"`
}

// EventName is match.need-closed.
func (NeedClosed) EventName() string { return "match.need-closed" }
