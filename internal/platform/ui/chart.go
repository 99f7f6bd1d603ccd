package ui

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/money"
)

// FigureOf is one honest number: large, with its unit, and one click away its definition and its rows.
type FigureOf struct {
	Label string
	Value string // "1,286" or "¥1,286,400", formatted
	Unit  string // "小时"; empty when the value carries it
	Href  string // its definition and rows
	Note  string // period, "截至今天 10:20"
	Delta string // "较上月 +3.1%"
	Tone  Tone   // of the delta
	Spark []float64
}

// BarsOf is a chart of columns; it is a table first, so everybody can read it.
type BarsOf struct {
	Title  string // caption
	Head   string // what the labels are: "月份"
	Unit   string
	Series []string // one or more, stacked from the bottom
	Bars   []Bar
}

// Bar is one column: a value for each series.
type Bar struct {
	Label  string
	Values []float64
	Texts  []string // as written, one for each value; empty: the value
}

func (b BarsOf) top() float64 {
	top := 0.0
	for _, bar := range b.Bars {
		top = max(top, bar.sum())
	}
	return max(top, 1e-9)
}

func (b Bar) sum() float64 {
	sum := 0.0
	for _, v := range b.Values {
		sum += v
	}
	return sum
}

func (b Bar) text(i int) string {
	if i < len(b.Texts) {
		return b.Texts[i]
	}
	return trim(b.Values[i])
}

// segments are the rectangles of a column of 100 units' height: top and height of each value.
func (b Bar) segments(top float64) [][2]string {
	var out [][2]string
	y := 100.0
	for _, v := range b.Values {
		h := v / top * 100
		y -= h
		out = append(out, [2]string{trim(y), trim(h)})
	}
	return out
}

// RankOf is a list of horizontal bars: kinds, places, organisations.
type RankOf struct {
	Label string
	Rows  []RankRow
}

// RankRow is a bar with its words.
type RankRow struct {
	Label string
	Href  string
	Value float64
	Text  string // the value as written
}

func (r RankOf) width(row RankRow) string {
	top := 1e-9
	for _, x := range r.Rows {
		top = max(top, x.Value)
	}
	return trim(row.Value / top * 100)
}

// TilesOf is a map of equal squares, one a region, where regions lie to each other: no borders are drawn or claimed.
type TilesOf struct {
	Label string
	Unit  string
	Tiles []Tile
}

// Tile is one region; columns and rows count from 1, at most 8 each.
type Tile struct {
	Col, Row int
	Label    string
	Value    int64
	Href     string
}

// level is the shade of a tile, 0 (none) to 5 (the most).
func (m TilesOf) level(tile Tile) int {
	top := int64(0)
	for _, x := range m.Tiles {
		top = max(top, x.Value)
	}
	if tile.Value <= 0 || top == 0 {
		return 0
	}
	return min(5, 1+int(float64(tile.Value)/float64(top)*4.999))
}

// SplitOf is a sum and the parts it is made of: a price, the voucher's part and one's own.
type SplitOf struct {
	Label string // "合计"
	Total money.Fen
	Parts []SplitPart
}

// SplitPart is a part of a sum.
type SplitPart struct {
	Label  string
	Amount money.Fen
	Note   string
}

// widths are left edge and width of each part in hundredths of the whole.
func (s SplitOf) widths() [][2]string {
	var out [][2]string
	x := 0.0
	for _, p := range s.Parts {
		w := 0.0
		if s.Total > 0 {
			w = float64(p.Amount) / float64(s.Total) * 100
		}
		out = append(out, [2]string{trim(x), trim(w)})
		x += w
	}
	return out
}

// ArchOf is the bridge of the day: an arch of stones, one for each span of time, lit by the share that is free.
type ArchOf struct {
	Title  string
	Note   string // when it was counted
	Stones []Stone
	Now    int // index of the stone that stands for now; -1: none
	Big    string
	Unit   string // under the big number
}

// unitLines breaks the unit in two where it would not fit under the arch.
func (a ArchOf) unitLines() []string {
	half := len(a.Unit) / 2
	if utf8.RuneCountInString(a.Unit) <= 20 || !strings.Contains(a.Unit[half:], " ") {
		return []string{a.Unit}
	}
	at := half + strings.Index(a.Unit[half:], " ")
	return []string{a.Unit[:at], a.Unit[at+1:]}
}

// Stone is one stone of an Arch.
type Stone struct {
	Label string  // "09:00–09:30"
	Share float64 // 0…1
	Text  string  // "12 台空闲"
}

// level is how brightly a stone is lit, 0…4.
func (s Stone) level() int {
	if s.Share <= 0 {
		return 0
	}
	return min(4, 1+int(s.Share*3.999))
}

// stone draws voussoir i of n between two half circles around (200,200).
func stone(i, n int) string {
	const cx, cy, inner, outer, gap = 200.0, 200.0, 94.0, 130.0, 0.009
	a := math.Pi - math.Pi*float64(i)/float64(n) - gap
	b := math.Pi - math.Pi*float64(i+1)/float64(n) + gap
	p := func(angle, r float64) string {
		return fmt.Sprintf("%.1f %.1f", cx+r*math.Cos(angle), cy-r*math.Sin(angle))
	}
	return fmt.Sprintf("M%sA%.0f %.0f 0 0 1 %sL%sA%.0f %.0f 0 0 0 %sZ", p(a, outer), outer, outer, p(b, outer), p(b, inner), inner, inner, p(a, inner))
}

// sparkPaths are the line and the area of a small curve in a box of 100×30.
func sparkPaths(v []float64) (line, area string) {
	if len(v) < 2 {
		return "", ""
	}
	lo, hi := v[0], v[0]
	for _, x := range v {
		lo, hi = min(lo, x), max(hi, x)
	}
	if hi == lo {
		hi = lo + 1
	}
	var b strings.Builder
	for i, x := range v {
		verb := "L"
		if i == 0 {
			verb = "M"
		}
		fmt.Fprintf(&b, "%s%.1f %.1f", verb, float64(i)*100/float64(len(v)-1), 28-(x-lo)/(hi-lo)*24)
	}
	return b.String(), b.String() + "V30H0Z"
}

// trim writes a number with at most one decimal.
func trim(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }
