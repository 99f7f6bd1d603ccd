package gate

// PaperMoved follows each step of a paper or training.
type PaperMoved struct {
	Paper    string `json:"paper"`
	Person   string `json:"person"`
	Provider string `json:"provider"`
	Kind     string `json:"kind"`
	Verb     string `json:"verb"`
	To       string `json:"to"`
}

// EventName is gate.paper-moved.
func (PaperMoved) EventName() string { return "gate.paper-moved" }

// PaperEnding comes once before a paper ends.
type PaperEnding struct {
	Paper  string `json:"paper"`
	Person string `json:"person"`
	Kind   string `json:"kind"`
	To     string `json:"to"` // its last civil day
}

// EventName is gate.paper-ending.
func (PaperEnding) EventName() string { return "gate.paper-ending" }
