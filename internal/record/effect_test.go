//i18n:data invented services

package record

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"pgregory.net/rapid"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/sheet"
)

// added is what the rows of a list add up to, one by one.
func added(rows []Record) Sums {
	s, users := Sums{}, map[string]bool{}
	for _, r := range rows {
		s.Records, s.Hours, s.Samples, s.Fee = s.Records+1, s.Hours+r.Hours, s.Samples+r.Samples, s.Fee+r.Fee
		users[r.UserKey] = true
	}
	s.Users = int64(len(users))
	return s
}

// all reads a list to its end, as somebody does who turns every page.
func (w *world) all(f Filter) []Record {
	w.T.Helper()
	var out []Record
	for f.Limit = 7; ; {
		part, next, err := w.List(w.T.Context(), w.Lab, f)
		if err != nil {
			w.T.Fatal(err)
		}
		out = append(out, part...)
		if f.Cursor = next; next == "" {
			return out
		}
	}
}

// Whatever was recorded, withdrawn or struck: every figure of the report is the sum of the rows that its link shows.
func TestEveryFigureIsTheSumOfItsRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			if n++; n > 5 { // a few unlike years do
				return
			}
			w := newWorld(t, d)
			err := d.InTx(w.ctx(w.Lab), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM record_step`)
				if err == nil {
					_, err = tx.Exec(ctx, `DELETE FROM record_record`)
				}
				return err
			})
			if err != nil {
				rt.Fatal(err)
			}
			for i := range rapid.IntRange(5, 40).Draw(rt, "services") {
				pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, name) }
				r, err := w.Make(w.ctx(w.Lab), w.Lab, FromForm, "", entry(FieldInstrument, pick("instrument", "EQ-1", "EQ-2", "EQ-3"), FieldStart, pick("year", "2025", "2026")+fmt.Sprintf("-%02d-%02d %02d:00", i%10+1, i%28+1, i%24),
					FieldUser, pick("user", "甲厂", "乙厂", "丙所"), FieldInside, pick("side", insideYes, insideNo), FieldHours, pick("hours", "0.01", "1.25", "2", "3.33"), FieldSamples, pick("samples", "", "1", "12"), FieldFee, pick("fee", "0", "0.01", "1200", "99.99")))
				if err != nil {
					rt.Fatal(err)
				}
				if rapid.IntRange(0, 4).Draw(rt, "withdraw") == 0 {
					if _, err := w.Withdraw(w.ctx(w.Lab), w.Lab, r.ID, "错"); err != nil {
						rt.Fatal(err)
					}
				}
			}
			for _, year := range []string{"2025", "2026"} {
				e, err := w.Effect(t.Context(), w.Lab, w.Lab.Org, year)
				if err != nil {
					rt.Fatal(err)
				}
				for _, x := range append(e.Rows, e.Total) {
					for side, got := range map[string]Sums{"": x.All, insideYes: x.Inside, insideNo: x.Outside} {
						link, err := url.Parse(e.Filter(x.Key, side).Link())
						if err != nil {
							rt.Fatal(err)
						}
						if want := added(w.all(FilterOf(link.Query()))); got != want {
							rt.Fatalf("%s %q %q: %+v, its rows are %+v", year, x.ZH, side, got, want)
						}
					}
				}
			}
		})
	})
}

// The page shows the same figures, each with its link; the authority sees the units and opens one.
func TestEffectPages(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for i := range 12 {
		w.made(FieldStart, fmt.Sprintf("2026-%02d-03", i%10+1), FieldUser, fmt.Sprintf("厂%d", i%5), FieldInside, []string{insideYes, insideNo}[i%2], FieldOwnNumber, fmt.Sprint(i))
	}
	s := w.site()
	followed := 0
	s.Page("lab", "/desk/records/effect?year=2026", http.StatusOK).Find("main td a[href^='/desk/records?']").Each(func(_ int, a *goquery.Selection) {
		rows := s.Page("lab", a.AttrOr("href", ""), http.StatusOK)
		sum := strings.Join(strings.Fields(rows.Find(".figures, main").First().Text()), " ")
		if followed++; !strings.Contains(sum, strings.TrimSpace(a.Text())) {
			t.Errorf("%s: %q is not among %.200s", a.AttrOr("href", ""), a.Text(), sum)
		}
	})
	if followed < 10 {
		t.Errorf("only %d figures have links", followed)
	}
	units := s.Page("officer", "/desk/records/effect?year=2026", http.StatusOK)
	s.Page("officer", units.Find("main th a").First().AttrOr("href", ""), http.StatusOK)
	s.Page("other", "/desk/records/effect?year=2026&owner="+w.Lab.Org, http.StatusOK)
	var e struct {
		Total struct{ All struct{ Records int } }
	}
	s.JSON("other", "GET", "/service-records/effect?year=2026&owner="+w.Lab.Org, nil, http.StatusOK, &e)
	if e.Total.All.Records != 0 {
		t.Error("another provider's year is seen")
	}
	var mine struct {
		Total    struct{ All struct{ Records int } }
		National map[string]string
	}
	s.JSON("lab", "GET", "/service-records/effect?year=2026", nil, http.StatusOK, &mine)
	if mine.Total.All.Records != 12 || len(mine.National) != 17 || mine.National["externalShareRates"] != "25.0%" || mine.National["serviceIncome"] != "0.72" {
		t.Errorf("%+v", mine)
	}
	for _, as := range []string{"lab", "officer"} {
		got := s.Send(as, "GET", "/desk/records/effect/file?year=2026", "", nil)
		table, err := sheet.Read("effect.xlsx", bytes.NewReader(got.Body.Bytes()), sheet.Options{})
		if err != nil || len(table.Rows) != 2 {
			t.Fatal(as, got.Code, err, table)
		}
		if last := table.Rows[1].Cells; last[len(last)-1] != "12" {
			t.Errorf("%s: %v", as, last)
		}
	}
}

// What is written to the national format keeps its limits and is read again as the same services.
func TestNationalFormatThereAndBack(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.made(FieldEnd, "2026-11-03 11:30", FieldProject, "材料基因", FieldIncomes, "N,D,L,M", FieldAreas, "力学，数学", FieldOpinion, "5", FieldUser, strings.Repeat("长", 50))
	w.made(FieldStart, "2026-10-01", FieldHours, "", FieldSamples, "12", FieldFee, "0.5")
	gone := w.made(FieldStart, "2026-09-01")
	if _, err := w.Withdraw(w.ctx(w.Lab), w.Lab, gone.ID, "错"); err != nil {
		t.Fatal(err)
	}
	for _, shape := range Formats() {
		var b bytes.Buffer
		if err := w.Export(w.ctx(w.Lab), w.Lab, &b, shape, Filter{}); err != nil {
			t.Fatal(err)
		}
		if shape == "json" {
			var list []map[string]string
			if err := json.Unmarshal(b.Bytes(), &list); err != nil || len(list) != 2 || list[0]["serviceAmount"] != "12个" || list[1]["subjectIncome"] != "N,D,L,M" || list[1]["serviceTime"] != "2026-11-03 09:00至2026-11-03 11:30" || list[1]["innerId"] != "EQ-1" {
				t.Fatal(err, b.String())
			}
			for _, c := range w.format().Fields {
				if n := len([]rune(list[1][c.Key])); n > c.Max || c.Required && n == 0 {
					t.Errorf("%s has %d characters", c.Key, n)
				}
			}
			continue
		}
		table, err := sheet.Read("back."+shape, bytes.NewReader(b.Bytes()), sheet.Options{})
		if err != nil || len(table.Rows) != 2 || table.Headings[0] != "所在单位仪器内部编号" {
			t.Fatal(shape, err, b.String())
		}
		if u := w.upload("back."+shape, b.Bytes(), ""); u.Added != 0 {
			t.Errorf("%s: %+v", shape, u)
		}
	}
	if got := w.site().Send("lab", "GET", "/desk/records/"+gone.ID+"/file?format=csv", "", nil); got.Code != http.StatusOK || strings.Count(got.Body.String(), "\n") != 1 {
		t.Error("a withdrawn record is in the file", got.Body)
	}
}
