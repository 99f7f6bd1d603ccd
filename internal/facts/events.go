package facts

// Checked follows an officer's word on a value. No event of this module carries a value.
type Checked struct {
	Org       string `json:"org"`
	Entry     string `json:"entry"`
	Fact      string `json:"fact"` // its Chinese name
	Corrected bool   `json:"corrected"`
	By        string `json:"by"` // organisation
}

// EventName is facts.checked.
func (Checked) EventName() string { return "facts.checked" }

// Opened follows an officer's look into a file.
type Opened struct {
	Org    string `json:"org"`
	By     string `json:"by"` // organisation
	Reason string `json:"reason"`
}

// EventName is facts.opened.
func (Opened) EventName() string { return "facts.opened" }
