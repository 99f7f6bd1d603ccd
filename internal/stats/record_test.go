package stats_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/stats"
)

// A small world: two firms, a lab, in three districts of Jiaxing.
const (
	firm, firm2, lab = "firm-id-0001", "firm-id-0002", "lab-id-0001"
	root             = "330400"
)

func world() map[string]identity.Organisation {
	return map[string]identity.Organisation{
		firm:  {ID: firm, NameZH: "示例·禾城新材料", NameEN: "Sample Hecheng Materials", Kind: "company", Region: "330402", Sample: true},
		firm2: {ID: firm2, NameZH: "示例·当湖机电", NameEN: "Sample Danghu Electric", Kind: "company", Region: "330482", Sample: true},
		lab:   {ID: lab, NameZH: "示例·南湖检测研究院", NameEN: "Sample Nanhu Testing Institute", Kind: "institute", Region: "330402", Sample: true},
	}
}

func tree() *identity.Tree {
	rows := []identity.Region{
		{Code: "330000", Level: "province", NameZH: "浙江省", NameEN: "Zhejiang"}, {Code: root, Parent: "330000", Level: "city", NameZH: "嘉兴市", NameEN: "Jiaxing"}}
	for _, d := range [][3]string{{"330402", "南湖区", "Nanhu"}, {"330411", "秀洲区", "Xiuzhou"}, {"330421", "嘉善县", "Jiashan"}, {"330424", "海盐县", "Haiyan"},
		{"330481", "海宁市", "Haining"}, {"330482", "平湖市", "Pinghu"}, {"330483", "桐乡市", "Tongxiang"}} {
		rows = append(rows, identity.Region{Code: d[0], Parent: root, Level: "county", NameZH: d[1], NameEN: d[2]})
	}
	return identity.NewTree(rows)
}

const table = `action,capacity,roles,side,note
stats.view,public,*,,x
stats.rows,authority,*,region,x
stats.rows,operator,*,,x
desk.view,person,*,,x
audit.view,operator,*,,x
audit.view,auditor,*,,x
outbox.view,operator,*,,x
outbox.retry,operator,*,,x
`

var start = time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)

func deps(t *testing.T, d *db.DB, c clock.Clock) stats.Deps {
	t.Helper()
	policy, err := identity.ReadPolicy(strings.NewReader(table))
	if err != nil {
		t.Fatal(err)
	}
	regions := tree()
	return stats.Deps{DB: d, Clock: c, Policy: policy, Root: root, Tree: func(context.Context, db.Q) (*identity.Tree, error) { return regions, nil },
		Organisations: func(context.Context, db.Q, []string) (map[string]identity.Organisation, error) { return world(), nil },
		Resources: func(context.Context, db.Q) ([]stats.Part, error) {
			return []stats.Part{{Kind: "instrument", Region: "330402", Count: 400}, {Kind: "expert", Region: "330482", Count: 12}}, nil
		},
		Institutions: func(context.Context, db.Q) ([]stats.Part, error) {
			return []stats.Part{{Kind: "university", Region: "330402", Count: 3}}, nil
		},
	}
}

func service(t *testing.T, d *db.DB) (*stats.Service, *clock.Fake) {
	t.Helper()
	c := clock.NewFake(start)
	return stats.New(deps(t, d, c)), c
}

func record(t testing.TB, d *db.DB, s *stats.Service, facts ...stats.Fact) {
	t.Helper()
	if err := d.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		for _, f := range facts {
			if err := s.Record(ctx, tx, f); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func at(hours int) time.Time { return start.Add(time.Duration(hours) * time.Hour) }

// story is one order paid half by voucher, one order not yet answered, and three needs.
func story() []stats.Fact {
	f := func(event string, k stats.Kind, hours int, object string) stats.Fact {
		return stats.Fact{Event: event, Kind: k, At: at(hours), Region: "330402", Org: firm, Other: lab, Object: object}
	}
	with := func(f stats.Fact, amount money.Fen, minutes, score int64) stats.Fact {
		f.Amount, f.Minutes, f.Score = amount, minutes, score
		return f
	}
	elsewhere := f("e20", stats.NeedPublished, -24*31, "n3")
	elsewhere.Region, elsewhere.Org = "330482", firm2
	return []stats.Fact{
		with(f("e1", stats.OrderPlaced, -72, "o1"), 80000, 0, 0), f("e2", stats.OrderAnswered, -69, "o1"),
		with(f("e3", stats.MachineTime, -48, "o1"), 0, 95, 0), with(f("e4", stats.MachineTime, -47, "o1"), 0, 60, 0),
		with(f("e5", stats.OrderConfirmed, -40, "o1"), 80000, 0, 0), with(f("e6", stats.OrderRated, -40, "o1"), 0, 0, 4),
		with(f("e7", stats.VoucherGranted, -100, "g1"), 1000000, 0, 0), with(f("e8", stats.VoucherHeld, -72, "o1"), 50000, 0, 0),
		with(f("e9", stats.VoucherUsed, -40, "o1"), 40000, 0, 0), with(f("e10", stats.VoucherFreed, -40, "o1"), 10000, 0, 0),
		with(f("e11", stats.VoucherPaid, -10, "c1"), 40000, 0, 0),
		with(f("e12", stats.OrderPlaced, -1, "o2"), 20000, 0, 0), with(f("e13", stats.VoucherHeld, -1, "o2"), 10000, 0, 0),
		f("e14", stats.NeedPublished, -90, "n1"), f("e15", stats.NeedAccepted, -80, "n1"), f("e16", stats.NeedContacted, -79, "n1"),
		f("e17", stats.NeedPublished, -90, "n2"), f("e18", stats.NeedPublished, -90, "n4"), f("e19", stats.NeedInvalid, -89, "n4"), elsewhere,
	}
}

func TestTheNumbersOfTheStory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := service(t, d)
		record(t, d, s, story()...)
		for code, want := range map[string]string{
			"resources": "412 项", "institutions": "3 家", "orders": "2 笔", "orders-confirmed": "1 笔", "machine-hours": "2.6 小时", "order-value": "¥800",
			"voucher-granted": "¥10,000", "voucher-held": "¥100", "voucher-used": "¥400", "voucher-paid": "¥400", "match-rate": "33.3%", "contact-rate": "33.3%",
			"order-response": "3 小时", "need-response": "尚无数据", "satisfaction": "4 分（满分 5）",
		} {
			v, err := s.Number(t.Context(), code, s.Today())
			if err != nil {
				t.Fatal(err)
			}
			if got := v.Text(t.Context()); got != want {
				t.Errorf("%s is %s, want %s", code, got, want)
			}
		}
		if found, err := s.Verify(t.Context(), d); err != nil || len(found) > 0 {
			t.Errorf("findings %v, %v", found, err)
		}
	})
}

func TestTheCutOffDecides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := service(t, d)
		record(t, d, s, story()...)
		for _, c := range []struct {
			code, until, region, want string
		}{
			{"match-rate", "2026-11-17", "", "0%"}, {"match-rate", "2026-11-21", "330402", "50%"}, {"match-rate", "2026-11-21", "330482", "0%"},
			{"match-rate", "2026-10-01", "", "尚无数据"}, {"orders", "2026-11-20", "", "1 笔"}, {"orders", "2026-11-21", root, "2 笔"}, {"orders", "2026-11-21", "310000", "0 笔"},
			{"voucher-held", "2026-11-18", "", "¥500"}, {"resources", "2026-11-21", "330482", "12 项"}, {"resources", "2026-11-20", "", "尚无数据"},
			{"order-response", "2026-11-17", "", "尚无数据"}, {"order-response", "2026-11-18", "330402", "3 小时"},
		} {
			v, err := s.Number(t.Context(), c.code, stats.Scope{Until: c.until, Region: c.region})
			if err != nil {
				t.Fatal(err)
			}
			if got := v.Text(t.Context()); got != c.want {
				t.Errorf("%s up to %s in %q is %s, want %s", c.code, c.until, c.region, got, c.want)
			}
		}
	})
}

func TestTheSameEventCountsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := service(t, d)
		record(t, d, s, story()...)
		before, err := s.Numbers(t.Context(), s.Today())
		if err != nil {
			t.Fatal(err)
		}
		record(t, d, s, story()...)
		again := story()[0]
		again.Event = "e99" // the same order placed in another event
		record(t, d, s, again)
		after, err := s.Numbers(t.Context(), s.Today())
		if err != nil {
			t.Fatal(err)
		}
		for i := range before {
			if before[i].Numerator != after[i].Numerator || before[i].Denominator != after[i].Denominator {
				t.Errorf("%s moved from %d to %d", before[i].Definition.Code, before[i].Numerator, after[i].Numerator)
			}
		}
	})
}

// Whatever the order in which events are delivered, the numbers are the same, and Verify finds nothing that the story does not have.
func TestAnyOrderGivesTheSameNumbers(t *testing.T) {
	d := dbtest.SQLite(t)
	s, _ := service(t, d)
	record(t, d, s, story()...)
	want := fingerprint(t, s)
	rapid.Check(t, func(r *rapid.T) {
		if err := d.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			for _, table := range []string{"stats_fact", "stats_day"} {
				if _, err := tx.Exec(ctx, "DELETE FROM "+table); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			r.Fatal(err)
		}
		shuffled := rapid.Permutation(story()).Draw(r, "order")
		record(t, d, s, shuffled...)
		if got := fingerprint(t, s); got != want {
			r.Fatalf("numbers %s, want %s", got, want)
		}
	})
}

func fingerprint(t *testing.T, s *stats.Service) string {
	t.Helper()
	values, err := s.Numbers(context.Background(), s.Today())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, "%s=%d/%d ", v.Definition.Code, v.Numerator, v.Denominator)
	}
	return b.String()
}

func TestHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, c := service(t, d)
		record(t, d, s, story()...)
		if err := s.Snapshot(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Snapshot(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.Set(time.Date(2027, 1, 15, 2, 0, 0, 0, time.UTC))
		for code, want := range map[string]string{
			"orders": "2026-11 2/1, 2026-12 0/1, 2027-01 0/1", "voucher-held": "2026-11 10000/1, 2026-12 10000/1, 2027-01 10000/1",
			"match-rate": "2026-10 0/1, 2026-11 1/2, 2026-12 0/0, 2027-01 0/0", "order-response": "2026-11 180/1, 2026-12 0/0, 2027-01 0/0",
			"resources": "2026-11 412/1, 2026-12 0/0, 2027-01 0/0", "satisfaction": "2026-11 4/1, 2026-12 0/0, 2027-01 0/0",
		} {
			def, _ := stats.Lookup(code)
			points, err := s.History(t.Context(), def, s.Today(), 12)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, p := range points {
				lines = append(lines, fmt.Sprintf("%s %d/%d", p.Month, p.Numerator, p.Denominator))
			}
			if got := strings.Join(lines, ", "); got != want {
				t.Errorf("%s\n got %s\nwant %s", code, got, want)
			}
		}
	})
}

func TestByDistrict(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := service(t, d)
		outside := stats.Fact{Event: "x", Kind: stats.OrderPlaced, At: start, Region: "310104", Org: firm, Object: "o9"}
		record(t, d, s, append(story(), outside)...)
		def, _ := stats.Lookup("orders")
		got, err := s.ByDistrict(t.Context(), def, s.Today())
		if err != nil || len(got) != 1 || got["330402"] != 2 {
			t.Errorf("orders by district %v, %v", got, err)
		}
		stock, _ := stats.Lookup("resources")
		got, err = s.ByDistrict(t.Context(), stock, s.Today())
		if err != nil || got["330402"] != 400 || got["330482"] != 12 {
			t.Errorf("resources by district %v, %v", got, err)
		}
	})
}

func TestFactsThatCannotBe(t *testing.T) {
	d := dbtest.SQLite(t)
	s, _ := service(t, d)
	good := story()[0]
	for name, bad := range map[string]func(*stats.Fact){
		"kind": func(f *stats.Fact) { f.Kind = "order.dreamt" }, "event": func(f *stats.Fact) { f.Event = "" }, "object": func(f *stats.Fact) { f.Object = "" },
		"time": func(f *stats.Fact) { f.At = time.Time{} }, "region": func(f *stats.Fact) { f.Region = "3304" }, "amount": func(f *stats.Fact) { f.Amount = -1 },
		"score": func(f *stats.Fact) { f.Kind, f.Score = stats.OrderRated, 6 },
	} {
		f := good
		bad(&f)
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return s.Record(ctx, tx, f) }); err == nil {
			t.Errorf("%s: recorded", name)
		}
	}
}

func TestVerifyFindsWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(start)
		p := deps(t, d, c)
		p.Truths = func(context.Context, db.Q) ([]stats.Truth, error) {
			return []stats.Truth{{Kind: stats.VoucherPaid, Facts: 1, Amount: 40000}, {Kind: stats.OrderPlaced, Facts: 3, Amount: -1}}, nil
		}
		s := stats.New(p)
		record(t, d, s, story()...)
		record(t, d, s, stats.Fact{Event: "lone", Kind: stats.OrderRated, At: start, Region: "330402", Object: "o7", Score: 5},
			stats.Fact{Event: "much", Kind: stats.VoucherUsed, At: start, Region: "330402", Object: "o2", Amount: 10001})
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE stats_day SET amount = amount + 1 WHERE kind = 'order.placed'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		found, err := s.Verify(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, f := range found {
			codes = append(codes, f.Code)
		}
		slices.Sort(codes)
		if want := []string{"stats.day", "stats.day", "stats.hold", "stats.order", "stats.truth"}; !slices.Equal(codes, want) {
			t.Errorf("found %v, want %v", found, want)
		}
	})
}
