package expert

// ClaimMoved follows each move of a claim.
type ClaimMoved struct {
	Claim    string `json:"claim"`
	Resource string `json:"resource"`
	Person   string `json:"person"`
	Owner    string `json:"owner"`
	Region   string `json:"region"`
	Verb     string `json:"verb"`
}

// EventName is expert-claim.moved.
func (ClaimMoved) EventName() string { return "expert-claim.moved" }

// RequestMoved follows each move of a request for contact.
type RequestMoved struct {
	Request string `json:"request"`
	Expert  string `json:"expert"` // person
	Firm    string `json:"firm"`
	Verb    string `json:"verb"`
	Subject string `json:"subject"`
}

// EventName is expert-request.moved.
func (RequestMoved) EventName() string { return "expert-request.moved" }

// ConsentChanged follows when a person gave or withdrew a consent.
type ConsentChanged struct {
	Resource string `json:"resource"`
	Purpose  string `json:"purpose"`
	Given    bool   `json:"given"`
}

// EventName is expert-consent.changed.
func (ConsentChanged) EventName() string { return "expert-consent.changed" }

// Erased follows when all that was kept about a person was deleted.
type Erased struct {
	Resource string `json:"resource"`
}

// EventName is expert.erased.
func (Erased) EventName() string { return "expert.erased" }
