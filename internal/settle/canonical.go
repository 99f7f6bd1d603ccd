package settle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/money"
)

// Item is one movement between two treasuries, gross, as a statement carries it.
type Item struct {
	Transfer    string    `db:"transfer"` // of voucher's ledger
	Payee       string    `db:"payee"`
	Funder      string    `db:"funder"`
	Statement   string    `db:"statement"` // '' while it is open
	Position    int       `db:"position"`
	Day         string    `db:"day"`
	What        string    `db:"what"` // voucher.MoveApprove …
	Claim       string    `db:"claim"`
	Number      string    `db:"number"` // of the claim
	Orders      string    `db:"orders"` // numbers, joined by spaces
	Firms       string    `db:"firms"`  // ids, joined by spaces
	Programme   string    `db:"programme"`
	PayerRegion string    `db:"payer_region"`
	PayeeRegion string    `db:"payee_region"`
	FunderCode  string    `db:"funder_code"` // what both sides know it by: its USCC, else its id
	PayeeCode   string    `db:"payee_code"`
	Amount      money.Fen `db:"amount"`
}

// Key names the movement: it is in one statement for ever.
func (i Item) Key() string { return i.Transfer + "/" + i.Payee + "/" + i.Funder }

// field is a value without what separates fields and lines.
func field(s string) string {
	return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(s)
}

// line is the item in the canonical list.
func (i Item) line() string {
	return strings.Join([]string{i.Day, i.What, field(i.Number), i.PayerRegion, i.PayeeRegion, field(i.FunderCode), field(i.PayeeCode), fmt.Sprint(int64(i.Amount)), field(i.Orders)}, "\t")
}

// Canonical are the bytes that a statement's SHA-256 is of; docs/region-statement.md tells the other side how to make them
// itself. The order in which the items come does not matter.
func Canonical(low, high string, w Window, items []Item) []byte {
	lines := make([]string, len(items))
	var total money.Fen
	for n, i := range items {
		lines[n] = i.line()
		total += i.Amount
	}
	slices.Sort(lines)
	var b strings.Builder
	fmt.Fprintf(&b, "qiao-region-statement 1\n%s\t%s\t%s\t%s\n", low, high, w.From, w.To)
	for _, l := range lines {
		b.WriteString(l + "\n")
	}
	fmt.Fprintf(&b, "%d\t%d\n", len(items), int64(total))
	return []byte(b.String())
}

// Seal is what a list of items comes to.
type Seal struct {
	Count  int
	Total  money.Fen // gross
	Digest string    // SHA-256 of the canonical list, hex
}

// SealOf is the seal of a list.
func SealOf(low, high string, w Window, items []Item) Seal {
	sum := sha256.Sum256(Canonical(low, high, w, items))
	out := Seal{Count: len(items), Digest: hex.EncodeToString(sum[:])}
	for _, i := range items {
		out.Total += i.Amount
	}
	return out
}
