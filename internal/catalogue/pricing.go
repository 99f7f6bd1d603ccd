package catalogue

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/textindex"
)

// The two bands that are no span of prices.
const (
	bandFree = "free"
	bandAsk  = "ask" // no price is published in yuan
)

// steps are the bounds prices are counted by, in yuan: fine enough that bands can be made of them for any result.
func steps() []int64 {
	return []int64{0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000}
}

// priceStep is the column value of a resource's headline price.
func priceStep(r Resource) string {
	switch {
	case r.Free, r.Price.Unit != "" && r.Price.Amount == 0:
		return bandFree
	case r.Price.Unit == "" || r.Price.Currency != "" && r.Price.Currency != money.CNY:
		return bandAsk
	}
	at := int64(0)
	for _, s := range steps() {
		if int64(r.Price.Amount) >= s*100 {
			at = s
		}
	}
	return strconv.FormatInt(at, 10)
}

// band is a span of prices in yuan, to excluded; to = 0: open.
type band struct{ from, to int64 }

func (b band) value() string {
	if b.to == 0 {
		return strconv.FormatInt(b.from, 10) + "-"
	}
	return strconv.FormatInt(b.from, 10) + "-" + strconv.FormatInt(b.to, 10)
}

func (b band) names() (zh, en string) {
	from, to := "¥"+i18n.Group(b.from), "¥"+i18n.Group(b.to)
	switch {
	case b.to == 0:
		return from + " 以上", from + " and more" //i18n:data both languages are here
	case b.from == 0:
		return to + " 以下", "below " + to //i18n:data both languages are here
	}
	return from + " – " + to, from + " – " + to
}

// parseBand reads what value writes; both bounds must be steps.
func parseBand(s string) (band, bool) {
	from, to, ok := strings.Cut(s, "-")
	if !ok {
		return band{}, false
	}
	var b band
	var err error
	if b.from, err = strconv.ParseInt(from, 10, 64); err != nil || !slices.Contains(steps(), b.from) {
		return band{}, false
	}
	if to == "" {
		return b, true
	}
	if b.to, err = strconv.ParseInt(to, 10, 64); err != nil || !slices.Contains(steps(), b.to) || b.to <= b.from {
		return band{}, false
	}
	return b, true
}

// within lists the steps a band is made of.
func (b band) within() []string {
	var out []string
	for _, s := range steps() {
		if s >= b.from && (b.to == 0 || s < b.to) {
			out = append(out, strconv.FormatInt(s, 10))
		}
	}
	return out
}

// bandFilter turns chosen bands into values of the column.
func bandFilter(chosen []string) ([]string, error) {
	var out []string
	for _, c := range chosen {
		if c == bandFree || c == bandAsk {
			out = append(out, c)
			continue
		}
		b, ok := parseBand(c)
		if !ok {
			return nil, fault.New(fault.BadRequest, "bad-price", "没有“{0}”这个价格区间。请写成 200-500、1000-、free 或 ask，或改用最低价和最高价。", c)
		}
		out = append(out, b.within()...)
	}
	return compact(out), nil
}

// mostBands is into how many spans the prices of a result are cut.
const mostBands = 5

// bandsOf cuts what was found into spans of about equal numbers. The spans follow one another without a gap.
func bandsOf(counts map[string]int) []band {
	total := 0
	for _, s := range steps() {
		total += counts[strconv.FormatInt(s, 10)]
	}
	if total == 0 {
		return nil
	}
	target := (total + mostBands - 1) / mostBands
	var out []band
	all := steps()
	from, n := int64(-1), 0
	for i, s := range all {
		have := counts[strconv.FormatInt(s, 10)]
		if from < 0 {
			if have == 0 {
				continue
			}
			from = s
		}
		if n += have; n < target && i < len(all)-1 {
			continue
		}
		end := int64(0)
		if i < len(all)-1 {
			end = all[i+1]
		}
		if n > 0 {
			out = append(out, band{from, end})
		}
		from, n = -1, 0
	}
	if n > 0 && from >= 0 {
		out = append(out, band{from, 0})
	}
	return joinBands(out)
}

// joinBands closes the gaps that empty steps leave.
func joinBands(in []band) []band {
	for i := range in[:max(len(in)-1, 0)] {
		in[i].to = in[i+1].from
	}
	return in
}

// priceFacet is free, the spans, and what has no published price; chosen spans stand even where others are cut now.
func priceFacet(counts []textindex.Count, chosen []string) []FacetValue {
	n := map[string]int{}
	for _, c := range counts {
		n[c.Value] = c.Count
	}
	var out []FacetValue
	put := func(value, zh, en string, count int) {
		on := slices.Contains(chosen, value)
		if count > 0 || on {
			out = append(out, FacetValue{Value: value, LabelZH: zh, LabelEN: en, Count: count, Chosen: on})
		}
	}
	put(bandFree, "免费", "Free", n[bandFree]) //i18n:data both languages are here
	bands := bandsOf(n)
	for _, c := range chosen {
		if b, ok := parseBand(c); ok && !slices.Contains(bands, b) {
			bands = append(bands, b)
		}
	}
	slices.SortStableFunc(bands, func(a, b band) int {
		if a.from != b.from {
			return int(a.from - b.from)
		}
		return int(a.to - b.to)
	})
	for _, b := range bands {
		sum := 0
		for _, s := range b.within() {
			sum += n[s]
		}
		zh, en := b.names()
		put(b.value(), zh, en, sum)
	}
	put(bandAsk, "面议", "On request", n[bandAsk]) //i18n:data both languages are here
	return out
}

// allPrices counts the bands again where bounds were typed: they are a choice of the price facet, as a band is, and do not
// narrow its counts.
func (s *Service) allPrices(ctx context.Context, req textindex.Request, found *textindex.Result) error {
	if len(req.Ranges) == 0 {
		return nil
	}
	req.Ranges, req.Facets, req.Sort, req.Explain, req.Offset, req.Limit = nil, []string{columnBand}, nil, false, 0, 0
	if found.Instead != "" {
		req.Query = found.Instead
	}
	all, err := s.Index.Search(ctx, req)
	if err != nil {
		return fmt.Errorf("count the prices: %w", err)
	}
	found.Facets[columnBand] = all.Facets[columnBand]
	return nil
}

// priceRange reads the bounds a person typed, in yuan, both included.
func priceRange(from, to string) ([]textindex.Range, error) {
	low, err := yuan(from)
	if err != nil {
		return nil, err
	}
	high, err := yuan(to)
	if err != nil || low == nil && high == nil {
		return nil, err
	}
	if low != nil && high != nil && *low > *high {
		return nil, fault.New(fault.BadRequest, "bad-price", "最低价 {0} 高于最高价 {1}。", from, to)
	}
	return []textindex.Range{{Column: columnPrice, Min: low, Max: high}}, nil
}

func yuan(text string) (*int64, error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	fen, err := money.Parse(text)
	if err != nil || fen < 0 || int64(fen) > math.MaxInt64/2 {
		return nil, fault.New(fault.BadRequest, "bad-price", "价格“{0}”看不懂，请写成 200 或 199.50。", text)
	}
	out := int64(fen)
	return &out, nil
}
