package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/platform/region"
	"qiao/internal/platform/textindex"
)

// has tells by hand whether a resource has a value of a facet.
func (w *world) has(r Resource, facet, value string, free map[string]Free) bool {
	switch facet {
	case columnKind:
		return r.Kind == value
	case columnRegion:
		return region.Within(r.Region, value)
	case columnClass:
		return r.Class == value || len(value) < 6 && r.Kind == "instrument" && strings.HasPrefix(r.Class, value)
	case columnOrg:
		return r.Owner == value
	case columnVoucher:
		return r.Voucher == (value == yes)
	case columnAccess:
		return slices.Contains(r.Access, value)
	case columnFresh:
		return r.Freshness == value
	case columnLanguage:
		return slices.Contains(r.Languages, value)
	case columnProof:
		return slices.Contains(proofsByHand(r), value)
	case facetFreeOn:
		return slices.Contains(free[r.ID].Days, value)
	case facetPrice:
		priced := !r.Free && r.Price.Unit != ""
		switch value {
		case bandFree:
			return r.Free
		case bandAsk:
			return !r.Free && !priced
		}
		from, to, _ := strings.Cut(value, "-")
		low, _ := strconv.ParseInt(from, 10, 64)
		high, err := strconv.ParseInt(to, 10, 64)
		return priced && int64(r.Price.Amount) >= low*100 && (err != nil || int64(r.Price.Amount) < high*100)
	}
	panic(facet)
}

// proofsByHand are the certificates that the test's resources have.
func proofsByHand(r Resource) []string {
	var out []string
	if n := len(r.NameZH); n%2 == 0 {
		out = append(out, "cma")
	}
	if r.Kind == "service" || r.Voucher {
		out = append(out, "cnas")
	}
	return out
}

// typedPrice tells by hand whether a resource lies within the bounds that were typed.
func typedPrice(q Query, r Resource) bool {
	if q.PriceFrom == "" && q.PriceTo == "" {
		return true
	}
	low, _ := money.Parse(cmp.Or(q.PriceFrom, "0"))
	high, _ := money.Parse(cmp.Or(q.PriceTo, "99999999"))
	return (r.Free || r.Price.Unit != "") && r.Price.Amount >= low && r.Price.Amount <= high
}

// Totals and facet counts equal what counting by hand gives: OR within a facet, AND across, and a facet's own
// choice does not narrow its counts.
func TestFacetsEqualBruteForce(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.Certificates = func(ctx context.Context, _ db.Q, ids []string) (map[string][]string, error) {
		out := map[string][]string{}
		rs, err := w.Resources(ctx, w.DB, ids)
		for _, r := range rs {
			out[r.ID] = proofsByHand(r)
		}
		return out, err
	}
	stock(t, w, 24)
	free := map[string]Free{}
	w.Horizon = func(_ context.Context, _ db.Q, rs []Resource, _ int) (map[string]Free, error) {
		for i, r := range rs {
			free[r.ID] = Free{Days: []string{fmt.Sprintf("2026-11-2%d", 1+i%3), fmt.Sprintf("2026-11-2%d", 4+i%2)}}
		}
		return free, nil
	}
	w.FreeOn = func(context.Context, db.Q, string) ([]string, error) { return nil, nil }
	all := append(w.all(w.Lab), w.all(w.Other)...)
	w.settleAll(all)
	rapid.Check(t, func(t *rapid.T) {
		some := func(name string, values ...string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 0, 2, rapid.ID).Draw(t, name)
		}
		q := Query{
			Kinds: some("kinds", "instrument", "service"), Regions: some("regions", "330402", "330411", "330400"), Classes: some("classes", "0101", "01", "test"),
			Orgs: some("orgs", w.Lab.Org, w.Other.Org), Voucher: rapid.Bool().Draw(t, "voucher"), Access: some("access", "self", "mail_in"),
			Prices: some("prices", "free", "50-100", "100-", "ask"), Fresh: some("fresh", Fresh, NeverChecked), FreeOn: rapid.SampledFrom([]string{"", "2026-11-22", "2026-11-24"}).Draw(t, "free on"),
			Certificates: some("certificates", "cma", "cnas"), Sort: rapid.SampledFrom([]string{SortRelevance, SortPrice, SortNewest}).Draw(t, "sort"),
			PriceFrom: rapid.SampledFrom([]string{"", "", "60", "110.50"}).Draw(t, "from"), PriceTo: rapid.SampledFrom([]string{"", "", "112", "119.99"}).Draw(t, "to"),
		}
		wanted := map[string][]string{columnKind: q.Kinds, columnRegion: q.Regions, columnClass: q.Classes, columnOrg: q.Orgs, columnAccess: q.Access, facetPrice: q.Prices, columnFresh: q.Fresh, columnProof: q.Certificates}
		if q.Voucher {
			wanted[columnVoucher] = []string{yes}
		}
		if q.FreeOn != "" {
			wanted[facetFreeOn] = []string{q.FreeOn}
		}
		fits := func(r Resource, but string) bool {
			if but != facetPrice && !typedPrice(q, r) {
				return false
			}
			for facet, values := range wanted {
				if facet != but && len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return w.has(r, facet, v, free) }) {
					return false
				}
			}
			return true
		}
		got, err := w.Search(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, r := range all {
			if fits(r, "") {
				total++
			}
		}
		if n, err := w.Count(context.Background(), q); got.Total != total || n != total || err != nil {
			t.Fatalf("%d found, %d counted, by hand %d (%v)", got.Total, n, total, err)
		}
		for facet, values := range got.Facets {
			for _, v := range values {
				n := 0
				for _, r := range all {
					if fits(r, facet) && w.has(r, facet, v.Value, free) {
						n++
					}
				}
				if n != v.Count || v.Chosen != slices.Contains(wanted[facet], v.Value) {
					t.Fatalf("%+v: %s %+v, by hand %d", q, facet, v, n)
				}
			}
		}
	})
}

// The spans of prices follow one another, leave nothing out and are no more than a page can show.
func TestBandsPartitionThePrices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts, total := map[string]int{}, 0
		for _, s := range steps() {
			if n := rapid.IntRange(-20, 40).Draw(t, "n"); n > 0 {
				counts[strconv.FormatInt(s, 10)], total = n, total+n
			}
		}
		bands := bandsOf(counts)
		if len(bands) > mostBands+1 {
			t.Fatalf("%d bands", len(bands))
		}
		sum := 0
		for i, b := range bands {
			if again, ok := parseBand(b.value()); !ok || again != b {
				t.Fatalf("%v is read as %v", b, again)
			}
			if i > 0 && bands[i-1].to != b.from {
				t.Fatalf("%v does not follow %v", b, bands[i-1])
			}
			for _, s := range b.within() {
				sum += counts[s]
			}
		}
		if sum != total {
			t.Fatalf("%d of %d prices in %v", sum, total, bands)
		}
	})
}

func TestPriceSteps(t *testing.T) {
	line := func(fen money.Fen, currency string) Resource {
		return Resource{Price: PriceLine{Unit: "hour", Amount: fen, Currency: currency}}
	}
	for want, r := range map[string]Resource{"free": {Free: true}, "ask": {}, "0": line(999, money.CNY), "10": line(1000, money.CNY), "100000": line(99_999_999_00, money.CNY)} {
		if got := priceStep(r); got != want {
			t.Errorf("%+v: step %s, want %s", r.Price, got, want)
		}
	}
	if got := priceStep(line(5000, "USD")); got != bandAsk {
		t.Errorf("a price in dollars stands at %s", got)
	}
	for _, bad := range []Query{{Prices: []string{"12-99"}}, {Prices: []string{"x"}}, {PriceFrom: "many"}, {PriceFrom: "9", PriceTo: "8"}, {PriceTo: "-1"}} {
		if _, err := (&Service{}).request(bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// Sorted by distance every page goes on where the one before ended, near before far.
func TestNearestFirst(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	seats := map[string][2]float64{"330400": {30.75, 120.75}, "310000": {31.23, 121.47}, "330100": {30.27, 120.15}}
	w.Centre = func(code string) (float64, float64, bool) {
		for _, c := range []string{code, region.CityOf(code), region.ProvinceOf(code)} {
			if p, ok := seats[c]; ok {
				return p[0], p[1], true
			}
		}
		return 0, 0, false
	}
	b := textindex.Batch{}
	for i, code := range []string{"310101", "330402", "330106", "", "330411", "310115", "330400", "650100"} {
		k := kinds.All()[0]
		r := Resource{ID: fmt.Sprintf("r%d", i), Kind: k.Name, Region: code, NameZH: "示例"}
		b.Put = append(b.Put, document(r, k, w.Organisation(w.Lab.Org)))
	}
	if err := w.Index.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	var got []string
	for offset := 0; offset < 9; offset += 3 {
		req, err := w.request(Query{Sort: SortDistance, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		req.Offset = offset
		found, err := w.byDistance(t.Context(), Query{Near: "330400"}, req)
		if err != nil || found.Total != 8 {
			t.Fatal(found.Total, err)
		}
		for _, h := range found.Hits {
			got = append(got, h.ID)
		}
	}
	if order := strings.Join(got, " "); order != "r1 r4 r6 r2 r0 r5 r3 r7" {
		t.Errorf("in the order %s", order)
	}
	if km := w.away("330400", "330106"); km < 60 || km > 90 {
		t.Errorf("Hangzhou is %d km from Jiaxing", km)
	}
}
