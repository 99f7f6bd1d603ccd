package scrutiny

// FlagFacts is what the events of a flag tell.
type FlagFacts struct {
	Flag     string `json:"flag"`
	Kind     string `json:"kind"`
	Severity string `json:"severity"`
	Order    string `json:"order"`
	Number   string `json:"number"` // of the order
	Claim    string `json:"claim,omitempty"`
	Region   string `json:"region"`
	Firm     string `json:"firm"`
	Provider string `json:"provider"`
	State    string `json:"state"`
	Outcome  string `json:"outcome,omitempty"`
}

func (f Flag) told() FlagFacts {
	return FlagFacts{f.ID, f.Kind, f.Severity, f.Order, f.Number, f.Claim, f.Region, f.Firm, f.Provider, f.State, f.Outcome}
}

// Flagged follows when something odd was found.
type Flagged struct{ FlagFacts }

// EventName is scrutiny.flagged.
func (Flagged) EventName() string { return "scrutiny.flagged" }

// FlagDecided follows when a person has dismissed or upheld it.
type FlagDecided struct{ FlagFacts }

// EventName is scrutiny.flag-decided.
func (FlagDecided) EventName() string { return "scrutiny.flag-decided" }

// Answered follows when a party has said something about a flag or a case.
type Answered struct {
	Link   string `json:"link"`
	Region string `json:"region"`
	Number string `json:"number"`
}

// EventName is scrutiny.answered.
func (Answered) EventName() string { return "scrutiny.answered" }

// Checked follows when a redemption is to be looked at, and when that is decided.
type Checked struct {
	Case     string `json:"case"`
	Number   string `json:"number"` // of the redemption
	Provider string `json:"provider"`
	Region   string `json:"region"`
	State    string `json:"state"`
	Due      string `json:"due"`
}

// EventName is scrutiny.checked.
func (Checked) EventName() string { return "scrutiny.checked" }

// Recovering follows each step of money asked back.
type Recovering struct {
	Recovery string `json:"recovery"`
	Number   string `json:"number"` // of the redemption
	Provider string `json:"provider"`
	Region   string `json:"region"`
	State    string `json:"state"`
}

// EventName is scrutiny.recovering.
func (Recovering) EventName() string { return "scrutiny.recovering" }

// Sanctioned follows each step of a sanction.
type Sanctioned struct {
	Sanction string `json:"sanction"`
	Number   string `json:"number"`
	Org      string `json:"org"`
	Region   string `json:"region"`
	State    string `json:"state"`
	Verb     string `json:"verb"`
	Due      string `json:"due,omitempty"` // last day of the statement, or of the appeal
}

// EventName is scrutiny.sanctioned.
func (Sanctioned) EventName() string { return "scrutiny.sanctioned" }
