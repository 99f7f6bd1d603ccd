package duplicate

// Facts is what every event of a pair tells.
type Facts struct {
	Pair  string `json:"pair"`
	Keep  string `json:"keep"` // record that stays
	Drop  string `json:"drop"`
	Org   string `json:"org"`   // who decided
	Asked string `json:"asked"` // owner of the other record
}

// Proposed follows when one owner proposes to merge with another's record.
type Proposed struct{ Facts }

// EventName is duplicate.proposed.
func (Proposed) EventName() string { return "duplicate.proposed" }

// Merged follows when two records became one.
type Merged struct{ Facts }

// EventName is duplicate.merged.
func (Merged) EventName() string { return "duplicate.merged" }

// Parted follows when a merge was undone.
type Parted struct{ Facts }

// EventName is duplicate.parted.
func (Parted) EventName() string { return "duplicate.parted" }

// TakeoverAsked follows when an organisation says that a public record is about it.
type TakeoverAsked struct {
	Takeover   string `json:"takeover"`
	Registered string `json:"registered"`
	Region     string `json:"region"`
}

// EventName is duplicate.takeover-asked.
func (TakeoverAsked) EventName() string { return "duplicate.takeover-asked" }

// TakenOver follows when the authority has agreed.
type TakenOver struct {
	Takeover   string `json:"takeover"`
	Registered string `json:"registered"`
	Region     string `json:"region"`
}

// EventName is duplicate.taken-over.
func (TakenOver) EventName() string { return "duplicate.taken-over" }
