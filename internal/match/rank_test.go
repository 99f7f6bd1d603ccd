package match

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/textindex"
)

// sharedAnalyser loads the dictionary once for all tests of the package.
var sharedAnalyser = textindex.NewAnalyser()

func table(t testing.TB, file string) [][]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(data)) {
		out = append(out, strings.Split(strings.TrimRight(line, "\n"), "\t"))
	}
	return out[1:]
}

// fixture is Suppliers over testdata/supplies.tsv.
type fixture struct{ list []Supply }

func supplies(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{}
	for _, row := range table(t, "testdata/supplies.tsv") {
		s := Supply{ID: row[0], Kind: row[1], Owner: "owner-" + row[0], Region: row[2], NameZH: row[3], Class: row[4], OwnerName: "示例·" + row[4],
			Parts: []Part{{Label: LabelName, Text: row[3]}, {Label: LabelClass, Text: row[4]}, {Label: LabelSummary, Text: row[5]}}}
		for flag := range strings.FieldsSeq(row[6]) {
			key, value, _ := strings.Cut(flag, "=")
			switch key {
			case "voucher":
				s.Voucher = true
			case "book":
				s.Bookable = true
			case "free":
				s.Free = true
			case "claimed":
				s.Claimed = true
			case "price":
				amount, unit, _ := strings.Cut(value, "/")
				n, err := strconv.ParseInt(amount, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				s.Priced, s.Price, s.Unit = true, money.Fen(n), unit
			}
		}
		s.Orders = s.Kind == "service"
		s.Certificates = certificatesIn(s.Parts)
		f.list = append(f.list, s)
	}
	return f
}

func (f *fixture) Supplies(_ context.Context, _ db.Q, ids []string) ([]Supply, error) {
	return f.where(func(s Supply) bool { return slices.Contains(ids, s.ID) }), nil
}

func (f *fixture) After(_ context.Context, _ db.Q, after string, limit int) ([]Supply, error) {
	list := f.where(func(s Supply) bool { return s.ID > after })
	slices.SortFunc(list, func(a, b Supply) int { return strings.Compare(a.ID, b.ID) })
	return list[:min(limit, len(list))], nil
}

func (f *fixture) Owned(_ context.Context, _ db.Q, org string) ([]Supply, error) {
	return f.where(func(s Supply) bool { return s.Owner == org }), nil
}

func (f *fixture) where(keep func(Supply) bool) []Supply {
	return slices.DeleteFunc(slices.Clone(f.list), func(s Supply) bool { return !keep(s) })
}

func fixtureIndex(t testing.TB, f *fixture) *Index {
	t.Helper()
	x := NewIndex(sharedAnalyser)
	if err := x.Rebuild(t.Context(), nil, f); err != nil {
		t.Fatal(err)
	}
	return x
}

func ask(t testing.TB, text string) question {
	t.Helper()
	names, err := synonymsOf(sharedAnalyser)
	if err != nil {
		t.Fatal(err)
	}
	q, err := newQuestion(sharedAnalyser, names, text, somePlaces())
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// TestSensibleCandidatesComeFirst: for each need of the fixture every expected candidate is among the
// first three of its group, and one of the first two candidates of all is an expected one.
func TestSensibleCandidatesComeFirst(t *testing.T) {
	f := supplies(t)
	x := fixtureIndex(t, f)
	for _, row := range table(t, "testdata/needs.tsv") {
		list, err := x.rank(t.Context(), ask(t, row[2]))
		if err != nil {
			t.Fatal(err)
		}
		expected := strings.Fields(row[3])
		var got []string
		for _, c := range list {
			got = append(got, fmt.Sprintf("%s#%d %.2f %v", c.id, c.place, c.score, c.words))
		}
		for _, want := range expected {
			i := slices.IndexFunc(list, func(c found) bool { return c.id == want })
			if i < 0 || list[i].place > 3 {
				t.Errorf("%s: %s is not among the first three of its group\n%s\n%s", row[0], want, row[2], strings.Join(got, "\n"))
			}
		}
		if !slices.ContainsFunc(list[:min(2, len(list))], func(c found) bool { return slices.Contains(expected, c.id) }) {
			t.Errorf("%s: neither of the first two candidates is an expected one (%v)\n%s\n%s", row[0], expected, row[2], strings.Join(got, "\n"))
		}
	}
}

// TestReasonsAreTrue: whatever a reason says of a candidate stands in its record, and no gap contradicts
// a reason.
func TestReasonsAreTrue(t *testing.T) {
	f := supplies(t)
	x := fixtureIndex(t, f)
	foldText := func(s string) string {
		folded, err := sharedAnalyser.Fold(s)
		if err != nil {
			t.Fatal(err)
		}
		return folded
	}
	n := 0
	for _, row := range table(t, "testdata/needs.tsv") {
		q := ask(t, row[2])
		list, err := x.rank(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			s := f.where(func(s Supply) bool { return s.ID == c.id })[0]
			v := view{q: q, f: c, s: s, home: row[1], place: func(code string) string { return code }, fold: foldText}
			codes := map[string]bool{}
			for _, r := range v.reasons() {
				codes[r.Code] = true
				n++
				checkReason(t, row[0], r, s, row[1], foldText)
			}
			if !codes["terms"] && !codes["synonym"] {
				t.Errorf("%s: %s is proposed without a word in common", row[0], s.ID)
			}
			for _, g := range v.gaps() {
				if g.Code == "price-unknown" && codes["price"] || g.Code == "other-region" && codes["region"] || g.Code == "unclaimed" && s.Claimed {
					t.Errorf("%s %s: gap %s contradicts", row[0], s.ID, g.Code)
				}
				if g.Code == "terms-missing" {
					for w := range strings.SplitSeq(fmt.Sprint(g.Args[0]), "、") {
						if strings.Contains(foldText(s.text()+s.NameZH), foldText(w)) {
							t.Errorf("%s %s: %s is said to be missing", row[0], s.ID, w)
						}
					}
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d reasons: the test looks at nothing", n)
	}
}

func checkReason(t *testing.T, need string, r Remark, s Supply, home string, fold func(string) string) {
	t.Helper()
	all := fold(s.NameZH + " " + s.text())
	switch r.Code {
	case "terms":
		label := string(r.Args[0].(word))
		part := fold(s.Parts[slices.IndexFunc(s.Parts, func(p Part) bool { return p.Label == label })].Text)
		for w := range strings.SplitSeq(r.Args[1].(string), "、") {
			if !holds(part, fold(w)) {
				t.Errorf("%s %s: %q does not stand in %s", need, s.ID, w, label)
			}
		}
	case "synonym":
		if !strings.Contains(all, fold(r.Args[1].(string))) {
			t.Errorf("%s %s: %v", need, s.ID, r.Args)
		}
	case "standard", "model":
		if !strings.Contains(strings.ReplaceAll(all, " ", ""), fold(strings.ReplaceAll(yearless(r.Args[0].(string)), " ", ""))) {
			t.Errorf("%s %s: %v", need, s.ID, r.Args)
		}
	case "region":
		if s.Region[:4] != home[:4] {
			t.Errorf("%s %s: %v is not near %s", need, s.ID, r.Args, home)
		}
	case "voucher":
		if !s.Voucher {
			t.Errorf("%s %s: no voucher", need, s.ID)
		}
	case "price":
		if !s.Priced && !s.Free {
			t.Errorf("%s %s: no price", need, s.ID)
		}
	}
}
