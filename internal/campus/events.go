package campus

// Clashed follows when a time of theirs cannot stand here because it is booked.
type Clashed struct {
	Link     string `json:"link"`
	Owner    string `json:"owner"`
	Resource string `json:"resource"`
	NameZH   string `json:"name_zh"`
	NameEN   string `json:"name_en"`
}

// EventName is campus.clashed.
func (Clashed) EventName() string { return "campus.clashed" }

// Lost follows when a booking that was placed while their system was silent turned out to be taken there.
type Lost struct {
	Link   string `json:"link"`
	Owner  string `json:"owner"`
	Holder string `json:"holder"`
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
}

// EventName is campus.lost.
func (Lost) EventName() string { return "campus.lost" }
