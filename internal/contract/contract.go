package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Contract is one version of an order's contract.
type Contract struct {
	ID       string  `db:"id"`
	Number   string  `db:"number"` // HT3304-20261121-0001, the same for every version
	Order    string  `db:"order_id"`
	Version  int64   `db:"version"`
	Buyer    string  `db:"buyer"`
	Provider string  `db:"provider"`
	Region   string  `db:"region"`
	Terms    string  `db:"terms"` // JSON of Terms
	Body     string  `db:"body"`
	SHA256   string  `db:"sha256"`
	Person   string  `db:"person"`
	At       db.Time `db:"at"`
	Invented bool    `db:"invented"`
}

// Signature is one side's agreement to one version.
type Signature struct {
	Contract string  `db:"contract"`
	Side     string  `db:"side"`
	Person   string  `db:"person"`
	SHA256   string  `db:"sha256"`
	Scan     string  `db:"scan"`
	Name     string  `db:"name"`
	At       db.Time `db:"at"`
}

// The sides.
const (
	Buyer    = "buyer"
	Provider = "provider"
)

// Facts is what an order puts into its contract.
type Facts struct {
	Order        string
	Number       string
	Kind         string // booking or commission
	Buyer        string // organisation
	Provider     string
	Region       string
	Subject      string // name of what is ordered
	Task         string // what is to be done, in the buyer's words
	Time         string // when, in words; empty for a commission
	Quantity     int64
	Price        money.Fen
	Own          money.Fen
	Voucher      money.Fen
	Programme    bool
	Stages       []Stage // milestones, annexed
	Invented     bool
	BuyerName    string
	BuyerCode    string // USCC
	ProviderName string
	ProviderCode string
}

// Stage is a milestone that is annexed.
type Stage struct {
	Name        string
	Deliverable string
	DueOn       string
	Amount      money.Fen
}

// Terms are the clauses the parties choose; a form says which of them it asks for.
type Terms struct {
	Form      string `json:"form,omitempty"`      // id; empty: the first form for the kind of order
	Data      string `json:"data,omitempty"`      // who owns data and report: buyer, provider, both
	Result    string `json:"result,omitempty"`    // who owns new findings
	Patent    string `json:"patent,omitempty"`    // who may apply for patents
	Publish   string `json:"publish,omitempty"`   // never, agreed, free
	Secret    int64  `json:"secret,omitempty"`    // years of confidentiality; 0: none agreed
	NDA       string `json:"nda,omitempty"`       // plain: a clause; strict: an agreement of its own as an annex
	Risk      string `json:"risk,omitempty"`      // who bears that research fails: buyer, provider, shared
	Liability string `json:"liability,omitempty"` // law; price: not more than the price
	Decision  string `json:"decision,omitempty"`  // who bears what is decided on advice: buyer, shared
	Rest      string `json:"rest,omitempty"`      // what becomes of the samples: return, dispose
	Extra     string `json:"extra,omitempty"`     // in the parties' own words
}

// maxExtra is the longest clause of one's own, in characters.
const maxExtra = 3000

// choices are the values that a term may have; the first is the most usual.
func choices(name string) []string {
	switch name {
	case "data", "result", "patent":
		return []string{"buyer", "provider", "both"}
	case "publish":
		return []string{"agreed", "never", "free"}
	case "nda":
		return []string{"plain", "strict"}
	case "risk":
		return []string{"shared", "buyer", "provider"}
	case "liability":
		return []string{"price", "law"}
	case "decision":
		return []string{"buyer", "shared"}
	case "rest":
		return []string{"return", "dispose"}
	}
	return nil
}

// at is where the value of a term stands.
func (t *Terms) at(name string) *string {
	return map[string]*string{
		"data": &t.Data, "result": &t.Result, "patent": &t.Patent, "publish": &t.Publish, "nda": &t.NDA, "risk": &t.Risk, "liability": &t.Liability, "decision": &t.Decision, "rest": &t.Rest,
	}[name]
}

// only leaves of terms what a form asks for.
func (t Terms) only(f Form) Terms {
	out := Terms{Form: f.ID, Extra: strings.TrimSpace(t.Extra)}
	for _, name := range f.Asks {
		if name == "secret" {
			out.Secret = t.Secret
		} else if to := out.at(name); to != nil {
			*to = *t.at(name)
		}
	}
	return out
}

// check finds what is wrong with terms of a form.
func (t Terms) check(f Form) error {
	bad := fault.New(fault.Invalid, "contract-terms", "合同条款有误，请按提示修改。")
	for _, name := range f.Asks {
		if name != "secret" && (t.at(name) == nil || !slices.Contains(choices(name), *t.at(name))) {
			bad.Field(name, "not-a-choice", "请从列表中选择。")
		}
	}
	if t.Secret < 0 || t.Secret > 50 {
		bad.Field("secret", "range", "请填 {0} 到 {1} 之间的整数。", int64(0), int64(50))
	}
	if utf8.RuneCountInString(t.Extra) > maxExtra {
		bad.Field("extra", "long", "最多 {0} 个字。", int64(maxExtra))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Hash is the SHA-256 of a text as it is kept: what both sides sign.
func Hash(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}
