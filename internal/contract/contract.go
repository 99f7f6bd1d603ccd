package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
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
	Invented     bool
	BuyerName    string
	BuyerCode    string // USCC
	ProviderName string
	ProviderCode string
}

// Terms are the clauses the parties choose.
type Terms struct {
	Data    string `json:"data"`    // who owns data and report: buyer, provider, both
	Result  string `json:"result"`  // who owns new findings
	Publish string `json:"publish"` // never, agreed, free
	Secret  int64  `json:"secret"`  // years of confidentiality; 0: none agreed
	Rest    string `json:"rest"`    // what becomes of the samples: return, dispose
	Extra   string `json:"extra"`   // in the parties' own words
}

// Usual is what most test orders agree on; a proposal, nothing more.
func Usual() Terms {
	return Terms{Data: "buyer", Result: "buyer", Publish: "agreed", Secret: 3, Rest: "return"}
}

// maxExtra is the longest clause of one's own, in characters.
const maxExtra = 3000

// check finds what is wrong with terms.
func (t Terms) check() error {
	bad := fault.New(fault.Invalid, "contract-terms", "合同条款有误，请按提示修改。")
	for name, x := range map[string]struct {
		value string
		of    []string
	}{
		"data": {t.Data, []string{"buyer", "provider", "both"}}, "result": {t.Result, []string{"buyer", "provider", "both"}},
		"publish": {t.Publish, []string{"never", "agreed", "free"}}, "rest": {t.Rest, []string{"return", "dispose"}},
	} {
		if !slices.Contains(x.of, x.value) {
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
