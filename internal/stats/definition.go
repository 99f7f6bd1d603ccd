package stats

// Unit is what a number counts in.
type Unit string

// Units. A value is always a whole number: minutes, fen, or a numerator over a denominator.
const (
	UnitItem    Unit = "item"    // things
	UnitHours   Unit = "hours"   // kept in minutes
	UnitMoney   Unit = "money"   // kept in fen
	UnitPercent Unit = "percent" // numerator / denominator
	UnitScore   Unit = "score"   // numerator / denominator, of 5
	UnitWait    Unit = "wait"    // kept in minutes; shown as minutes, hours or days
)

// Form is how a formula makes a value of facts.
type Form string

// Forms.
const (
	FormStock  Form = "stock"  // counted in the module that owns the things
	FormCount  Form = "count"  // how many facts of Of
	FormSum    Form = "sum"    // Column of Of less Column of Less
	FormRatio  Form = "ratio"  // share of the objects of Of (without those of Less) that have a fact of With
	FormMedian Form = "median" // lower median of minutes of Of
	FormMean   Form = "mean"   // mean of score of Of
)

// Formula computes a number from facts up to a cut-off day.
type Formula struct {
	Form   Form
	Of     Kind
	Less   Kind // may be empty
	Less2  Kind // may be empty
	With   Kind // FormRatio
	Column string
}

// Definition says exactly what a number is. It is exported as data, so that two places that show the number mean the same.
type Definition struct {
	Code    string  `json:"code"`
	NameZH  string  `json:"name_zh"`
	NameEN  string  `json:"name_en"`
	Unit    Unit    `json:"unit"`
	TextZH  string  `json:"definition_zh"`
	TextEN  string  `json:"definition_en"`
	Source  string  `json:"source"`  // where the definition comes from, in English
	Version string  `json:"version"` // of the definition
	Since   string  `json:"since"`   // civil date from which this version holds
	Measure string  `json:"-"`       // Chinese measure word of UnitItem; English counts without one
	Front   bool    `json:"-"`       // on the home page
	Icon    string  `json:"-"`
	Formula Formula `json:"-"`
}

// Lookup finds the definition of a code.
func Lookup(code string) (Definition, bool) {
	for _, d := range Definitions() {
		if d.Code == code {
			return d, true
		}
	}
	return Definition{}, false
}
