package scenario

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A laboratory records what it did outside Qiao by its own spreadsheet, by form and by API; the same again changes nothing,
// and a repetition is refused naming the first. The authority draws a spot check, which anybody draws again from its list;
// what is struck leaves the yearly figures, and those are the sums of the rows behind them.
func TestServicesOutsideCount(t *testing.T) {
	w := start(t, sqliteFlags(t)) // package record tells the same of PostgreSQL
	s := &outsideStory{world: w, day: w.day(-3)}
	s.before = s.effect()
	var mine struct {
		Items []struct{ Instrument, Owner string }
	}
	w.call("lab2", http.MethodGet, "/api/v1/service-records?source=api&limit=1", nil).into(t, &mine)
	s.instrument, s.owner = mine.Items[0].Instrument, mine.Items[0].Owner
	s.spreadsheet()
	s.twice()
	s.checked()
	s.summed()
	w.verified()
}

type outsideStory struct {
	*world
	day               string // of the services
	instrument, owner string
	before            yearSums
}

type yearSums struct {
	Records int64   `json:"records"`
	Hours   float64 `json:"machine_hours"`
	Amount  int64   `json:"amount"`
}

func (s *outsideStory) effect() yearSums {
	var e struct {
		Total struct {
			All yearSums `json:"all"`
		} `json:"total"`
	}
	s.call("lab2", http.MethodGet, "/api/v1/service-records/effect?year="+s.day[:4], nil).into(s.t, &e)
	return e.Total.All
}

// more wants the year to have so much more than when the story began.
func (s *outsideStory) more(want yearSums) {
	s.t.Helper()
	now := s.effect()
	if got := (yearSums{now.Records - s.before.Records, now.Hours - s.before.Hours, now.Amount - s.before.Amount}); got != want {
		s.t.Errorf("the year has %+v more, not %+v", got, want)
	}
}

func (s *outsideStory) spreadsheet() {
	rows := "登记号,设备号,哪天,给谁做的,几小时,多少钱\n"
	for i := range 3 {
		rows += fmt.Sprintf("SC-%d,%s,%s,示例·故事%d厂,2.5,100\n", i+1, s.instrument, s.day, i+1)
	}
	columns := url.Values{"column-0": {"own_number"}, "column-1": {"instrument"}, "column-2": {"start"}, "column-3": {"user"}, "column-4": {"machine_hours"}, "column-5": {"amount"}, "do": {"apply"}, "name": {"示例·故事"}}
	for _, word := range []string{"新登记 3 条，已有 0 条", "新登记 0 条，已有 3 条"} { // the second upload changes nothing
		at := s.form("lab2", "/desk/records/upload", nil, map[string]string{"file": rows})
		s.form("lab2", at, columns, nil)
		if !contains(s.page("lab2", at), word) {
			s.t.Errorf("%s does not say %q", at, word)
		}
		s.more(yearSums{3, 7.5, 30_000})
	}
}

func (s *outsideStory) twice() {
	service := url.Values{"instrument": {s.instrument}, "start": {s.day}, "user": {"示例·故事1厂"}, "inside": {"outside"}, "machine_hours": {"2"}, "amount": {"90"}}
	if a := s.send("lab2", "/desk/records", service, nil); a.status != http.StatusConflict || !contains(a.body, "FW") {
		s.t.Errorf("the same service by form: %d", a.status)
	}
	item := map[string]any{"instrument": s.instrument, "start": s.day, "user": "示例·故事4厂", "machine_hours": 1, "amount": 5_000}
	for _, want := range []string{"added", "same"} {
		var out struct {
			Items []struct{ Outcome string }
		}
		s.call("lab2", http.MethodPost, "/api/v1/service-records/batch", map[string]any{"items": []any{item}}).into(s.t, &out)
		if out.Items[0].Outcome != want {
			s.t.Errorf("%+v, not %s", out.Items, want)
		}
	}
	s.more(yearSums{4, 8.5, 35_000})
}

func (s *outsideStory) checked() {
	var check struct {
		ID, Seed string
		Items    []struct{ ID, Record string }
	}
	s.call("officer", http.MethodPost, "/api/v1/record-checks", map[string]any{"year": s.day[:4], "owner": s.owner, "count": 200, "seed": "2026-317"}).into(s.t, &check)
	s.drawnAgain(check.ID, check.Seed, len(check.Items))
	for _, x := range check.Items {
		var r struct {
			OwnNumber string `json:"own_number"`
		}
		s.call("lab2", http.MethodGet, "/api/v1/service-records/"+x.Record, nil).into(s.t, &r)
		if r.OwnNumber != "SC-2" {
			continue
		}
		decide := map[string]any{"verb": "strike", "reason": "没有凭证"}
		if a := s.call("officer", http.MethodPost, "/api/v1/checked-records/"+x.ID+"/decide", decide); a.problem() != "answer-due" {
			s.t.Errorf("struck unheard: %d %s", a.status, a.body)
		}
		s.call("lab2", http.MethodPost, "/api/v1/checked-records/"+x.ID+"/answer", map[string]any{"text": "合同找不到了"})
		if a := s.call("officer", http.MethodPost, "/api/v1/checked-records/"+x.ID+"/decide", decide); a.status != http.StatusOK {
			s.t.Fatalf("strike: %d %s", a.status, a.body)
		}
		s.more(yearSums{3, 6, 25_000})
		return
	}
	s.t.Fatal("the whole year was drawn, and one service is missing")
}

// drawnAgain draws once more from the list that a check was drawn from.
func (s *outsideStory) drawnAgain(check, seed string, drawn int) {
	a := s.call("officer", http.MethodGet, "/desk/record-checks/"+check+"/list", nil)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(a.body), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != drawn+1 {
		s.t.Fatalf("%d rows, %d drawn: %v", len(rows), drawn, err)
	}
	before := ""
	for _, r := range rows[1:] {
		sum := sha256.Sum256([]byte(seed + "\n" + r[2]))
		lot := hex.EncodeToString(sum[:])
		if lot != r[1] || lot < before {
			s.t.Errorf("%v was not drawn by the seed", r)
		}
		before = lot
	}
}

// summed reads every row of the year, and wants the figures to be their sums.
func (s *outsideStory) summed() {
	var sum yearSums
	for cursor := ""; ; {
		var l struct {
			Items []yearSums
			Next  string
		}
		s.call("lab2", http.MethodGet, "/api/v1/service-records?state=kept&limit=50&year="+s.day[:4]+"&cursor="+url.QueryEscape(cursor), nil).into(s.t, &l)
		for _, x := range l.Items {
			sum.Records, sum.Hours, sum.Amount = sum.Records+1, sum.Hours+x.Hours, sum.Amount+x.Amount
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	if got := s.effect(); got.Records != sum.Records || got.Amount != sum.Amount || fmt.Sprintf("%.2f", got.Hours) != fmt.Sprintf("%.2f", sum.Hours) {
		s.t.Errorf("the year is %+v, its rows are %+v", got, sum)
	}
}
