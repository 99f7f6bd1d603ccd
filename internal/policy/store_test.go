package policy_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/policy"
)

func service(t testing.TB, d *db.DB) *policy.Service {
	t.Helper()
	s, err := policy.New(policy.Deps{DB: d, Clock: clock.NewFake(time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)), Rosters: lists{}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// lists are what two firms stand on: "listed" on two, "banned" on a ban.
type lists struct{}

func (lists) Standing(_ context.Context, _ db.Q, org, _ string) ([]policy.Standing, error) {
	switch org {
	case "listed":
		return []policy.Standing{{Code: "tech-sme", NameZH: "科技型中小企业", To: "2026-12-31"}, {Code: "hnte", NameZH: "高新技术企业"}}, nil
	case "banned":
		return []policy.Standing{{Code: "voucher-ban", NameZH: "失信名单", NameEN: "Shut out", Ban: true, To: "2028-05-31"}}, nil
	}
	return nil, nil
}

func records() []policy.Record {
	rows := []policy.Record{
		{Title: "2026年度碳纤维复合材料专项", Agency: "示例·科技计划", Published: "2026-11-02", Deadline: "2026-12-01"},
		{Title: "集成电路１００％国产化揭榜", Agency: "示例·揭榜挂帅", Published: "2026-11-01", Deadline: "2026-11-20"},
		{Title: "长三角 联合攻关", Agency: "示例·科技计划", Published: "2026-11-01", Deadline: ""},
		{Title: "次序颠倒的通知", Agency: "示例·科技计划", Published: "2026-11-01", Deadline: "2026-02-25"},
		{Title: "没有日期的通知_A", Agency: "示例·科技计划", Published: "", Deadline: ""},
	}
	for i := range rows {
		rows[i].Source, rows[i].SourceID, rows[i].Licence, rows[i].RetrievedOn = "test", fmt.Sprint(i), "CC0-1.0", "2026-11-21"
	}
	return rows
}

func TestCallsAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), service(t, d)
		done := 0
		if err := s.PutCalls(ctx, records(), func(n int) { done = n }); err != nil || done != 5 {
			t.Fatalf("put: %v, %d done", err, done)
		}
		if err := s.PutCalls(ctx, append(records(), records()...), nil); err != nil { // twice is once, in one file too
			t.Fatal(err)
		}
		for _, x := range []struct {
			query policy.Query
			want  int64
		}{
			{policy.Query{}, 5}, {policy.Query{State: policy.Open}, 1}, {policy.Query{State: policy.Closed}, 1}, {policy.Query{State: policy.Unknown}, 3},
			{policy.Query{Text: "科技计划"}, 4}, {policy.Query{Text: "碳纤维 科技计划"}, 1}, {policy.Query{Text: "100%"}, 1}, {policy.Query{Text: "_a"}, 1},
			{policy.Query{Text: "%"}, 1}, {policy.Query{Text: `\`}, 0}, {policy.Query{Text: "量子"}, 0}, {policy.Query{Text: "长三角", State: policy.Open}, 0},
		} {
			p, err := s.Calls(ctx, x.query)
			if err != nil || p.Total != x.want || int64(len(p.Items)) != x.want {
				t.Errorf("%+v: %d of %d, %v; want %d", x.query, len(p.Items), p.Total, err, x.want)
			}
		}
		if _, err := s.Calls(ctx, policy.Query{State: "shut"}); !fault.Is(err, "state-unknown") {
			t.Errorf("an unknown state: %v", err)
		}
		if _, err := s.Calls(ctx, policy.Query{After: "x"}); !fault.Is(err, "cursor-unreadable") {
			t.Errorf("a broken cursor: %v", err)
		}
	})
}

func TestCallsByPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), service(t, d)
		if err := s.PutCalls(ctx, records(), nil); err != nil {
			t.Fatal(err)
		}
		var seen []policy.Call
		after := ""
		for range 4 {
			p, err := s.Calls(ctx, policy.Query{Limit: 2, After: after})
			if err != nil || p.Total != 5 {
				t.Fatalf("%+v, %v", p, err)
			}
			seen = append(seen, p.Items...)
			if after = p.Next; after == "" {
				break
			}
		}
		if len(seen) != 5 || seen[0].Title != "2026年度碳纤维复合材料专项" || seen[4].Published != "" {
			t.Errorf("seen %+v", seen)
		}
		got, err := s.Call(ctx, seen[0].ID)
		if err != nil || got != seen[0] {
			t.Errorf("one call: %+v, %v", got, err)
		}
		if _, err := s.Call(ctx, "nobody"); !fault.Is(err, "call-not-found") {
			t.Errorf("no call: %v", err)
		}
	})
}
