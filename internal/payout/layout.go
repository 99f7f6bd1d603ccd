package payout

import (
	"bytes"
	_ "embed" // layouts.json
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"qiao/internal/platform/dated"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
	"qiao/internal/voucher/scheme"
)

// Layout is how a payment file looks: its container, its encoding and its columns.
type Layout struct {
	Code      string      `json:"code"`
	Name      scheme.Name `json:"name"`
	Container string      `json:"container"` // csv or xlsx
	Encoding  string      `json:"encoding"`  // utf-8 or gbk, of a csv
	Columns   []Column    `json:"columns"`
}

// Column is one column of a payment file.
type Column struct {
	Heading string `json:"heading"`
	Field   string `json:"field"` // one of Fields; empty: the column stays empty
}

// Shipped are the layouts that ship with the program, from a day on.
type Shipped struct {
	From    string   `json:"from"`
	Source  string   `json:"source"`
	Layouts []Layout `json:"layouts"`
}

// Since is the day from which on they hold, and their source.
func (s Shipped) Since() (day, source string) { return s.From, s.Source }

//go:embed layouts.json
var layoutsJSON []byte

// ShippedLayouts reads and checks the embedded layouts.
func ShippedLayouts() ([]Shipped, error) {
	out, err := dated.Read[Shipped](layoutsJSON)
	for _, s := range out {
		for _, l := range s.Layouts {
			if e := l.Check(); e != nil {
				return nil, fmt.Errorf("layout %s: %w", l.Code, e)
			}
		}
	}
	return out, err
}

// Fields are what a column of a payment file can hold.
func Fields() []string {
	return []string{"seq", "item", "batch", "payer", "payee", "holder", "account", "bank", "cnaps", "amount", "fen", "capital", "purpose", "claim", "programme", "day"}
}

// maxColumns bounds the columns of a payment file.
const maxColumns = 40

// Check tells what is wrong with a layout, by field.
func (l Layout) Check() error {
	f := fault.New(fault.Invalid, "layout-invalid", "付款文件的格式有误，请按提示修改。")
	if l.Container != "csv" && l.Container != "xlsx" {
		f.Field("container", "unknown", "请选择 CSV 或 XLSX。")
	}
	if l.Encoding != "utf-8" && l.Encoding != "gbk" {
		f.Field("encoding", "unknown", "请选择 UTF-8 或 GBK。")
	}
	if len(l.Columns) == 0 || len(l.Columns) > maxColumns {
		f.Field("columns", "count", "请填写 1 到 {0} 列，每行一列。", maxColumns)
	}
	for i, c := range l.Columns {
		if strings.TrimSpace(c.Heading) == "" || c.Field != "" && !slices.Contains(Fields(), c.Field) {
			f.Field("columns", "unknown", "第 {0} 列“{1}”：没有“{2}”这个内容。", i+1, c.Heading, c.Field)
		}
	}
	for _, need := range []string{"item", "account", "holder", "amount"} { // without these nobody can pay, or tell what was paid
		if !slices.ContainsFunc(l.Columns, func(c Column) bool { return c.Field == need || need == "amount" && c.Field == "fen" }) {
			f.Field("columns", "missing", "缺少“{0}”这一列，银行不能付款，回执也对不上。", need)
			break
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// Paper is what a payment file or a payment list is made of.
type Paper struct {
	Batch Batch
	Payer string // the funder's name
	Rows  []PaperRow
}

// PaperRow is one payment in full.
type PaperRow struct {
	Item
	Account   Account
	Payee     string // its name
	Programme string // its name
}

// Total is the sum of the rows.
func (p Paper) Total() money.Fen {
	var sum money.Fen
	for _, r := range p.Rows {
		sum += r.Amount
	}
	return sum
}

// cell is what a column holds of a row.
func (p Paper) cell(i int, field string) string {
	r := p.Rows[i]
	switch field {
	case "seq":
		return strconv.Itoa(i + 1)
	case "item":
		return r.Number
	case "batch":
		return p.Batch.Number
	case "payer":
		return p.Payer
	case "payee":
		return r.Payee
	case "holder":
		return r.Account.Holder
	case "account":
		return r.Account.Number
	case "bank":
		return r.Account.Bank
	case "cnaps":
		return r.Account.CNAPS
	case "amount":
		return r.Amount.Yuan()
	case "fen":
		return strconv.FormatInt(int64(r.Amount), 10)
	case "capital":
		return r.Amount.Capital()
	case "purpose":
		return purposeWord + r.ClaimNumber
	case "claim":
		return r.ClaimNumber
	case "programme":
		return r.Programme
	case "day":
		return p.Batch.PayOn
	}
	return ""
}

// purposeWord begins the purpose of a payment as the bank shows it to the payee.
const purposeWord = "创新券兑付 " //i18n:data it goes to a bank

// Render writes the file. The same paper and layout give the same bytes.
func (l Layout) Render(p Paper) ([]byte, error) {
	headings := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		headings[i] = c.Heading
	}
	var b bytes.Buffer
	if l.Container == "xlsx" {
		s := sheet.NewBook(&b)
		if err := s.Sheet(p.Batch.Number, headings); err != nil {
			return nil, err
		}
		for i := range p.Rows {
			if err := s.Row(l.row(p, i)); err != nil {
				return nil, err
			}
		}
		err := s.Close()
		return b.Bytes(), err
	}
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(headings); err != nil {
		return nil, fmt.Errorf("write a payment file: %w", err)
	}
	for i := range p.Rows {
		cells := l.row(p, i)
		for k := range cells {
			cells[k] = sheet.Neutral(cells[k])
		}
		if err := w.Write(cells); err != nil {
			return nil, fmt.Errorf("write a payment file: %w", err)
		}
	}
	w.Flush()
	if l.Encoding != "gbk" {
		return append([]byte("\uFEFF"), b.Bytes()...), w.Error()
	}
	out, err := simplifiedchinese.GBK.NewEncoder().Bytes(b.Bytes())
	if err != nil {
		return nil, p.notGBK()
	}
	return out, w.Error()
}

// notGBK names the first payment with a character that GBK does not have.
func (p Paper) notGBK() error {
	for _, r := range p.Rows {
		for _, text := range []string{r.Account.Holder, r.Account.Bank, r.Payee, r.Programme} {
			if _, err := simplifiedchinese.GBK.NewEncoder().String(text); err != nil {
				return fault.New(fault.Conflict, "not-gbk", "付款 {0} 的“{1}”里有 GBK 没有的字，请改用 UTF-8 的格式。", r.Number, text)
			}
		}
	}
	return fault.New(fault.Conflict, "not-gbk-heading", "列名里有 GBK 没有的字，请改用 UTF-8 的格式。")
}

func (l Layout) row(p Paper, i int) []string {
	cells := make([]string, len(l.Columns))
	for k, c := range l.Columns {
		cells[k] = p.cell(i, c.Field)
	}
	return cells
}

// FileName is the file's name: the batch and its container.
func (l Layout) FileName(b Batch) string { return b.Number + "." + l.Container }
