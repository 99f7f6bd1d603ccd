package columns

import (
	"slices"
	"strconv"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/money"
)

// values is what the texts of a column are like.
type values struct {
	texts                             []string
	n, distinct                       int
	numbers, bits, dates, mails, urls int
}

// looked is how many rows are looked at.
const looked = 200

func look(rows [][]string, column int) values {
	v := values{}
	seen := map[string]bool{}
	for _, r := range rows[:min(len(rows), looked)] {
		if column >= len(r) || r[column] == "" {
			continue
		}
		text := r[column]
		v.n++
		v.texts = append(v.texts, text)
		seen[text] = true
		_, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
		switch {
		case slices.Contains([]string{"0", "1", "t", "f", "true", "false"}, strings.ToLower(text)):
			v.bits++
			v.numbers++
		case err == nil:
			v.numbers++
		case strings.Contains(text, "@") && strings.Contains(text, "."):
			v.mails++
		case strings.HasPrefix(text, "http"):
			v.urls++
		case len(text) >= 8 && len(text) <= 30 && strings.Trim(text, "0123456789-/:. T年月日") == "": //i18n:data characters of dates
			v.dates++
		}
	}
	v.distinct = len(seen)
	return v
}

// unique tells whether no text comes twice and none is missing, as in a column that tells rows apart.
func (v values) unique(rows int) bool {
	return v.n > 1 && v.distinct == v.n && v.n == min(rows, looked)
}

// judge lets the values of a column speak: 0 when they do not fit the field, else the points that the heading gave.
func (v values) judge(f kinds.Field, points int) int {
	choice := f.Type == kinds.One || f.Type == kinds.Many
	switch {
	case v.n == 0 && choice && points < asLabel: // of two meanings the one that takes any text is the safer
		return points - 3
	case v.n == 0 || points == 0:
		return points
	}
	if isPrice(f.Name) || typed(f.Type) {
		fits := v.fits(f)
		switch {
		case fits == 0, fits*2 < v.n && !choice:
			return 0
		case fits == v.n && v.n > 2:
			return min(asLabel, points+3)
		}
		return points
	}
	switch {
	case f.Name == "source_id" && v.distinct*10 < v.n*9,
		v.bits == v.n && v.n > 2 && points < asLabel,
		v.mails*2 > v.n, v.dates*2 > v.n && points < asSpelling,
		v.numbers == v.n && points < asLabel && (isName(f.Name) || f.Type == kinds.Long || f.Name == "contact"):
		return 0
	}
	return points
}

// typed tells whether not every text is a value of a type.
func typed(t kinds.Type) bool { return t != kinds.Text && t != kinds.Long && t != kinds.List }

func isPrice(target string) bool { return strings.HasPrefix(target, "@price") }

// fits counts the texts that a field takes, read as they seem to be written.
func (v values) fits(f kinds.Field) int {
	reading := v.reading(f, "")
	n := 0
	for _, text := range v.texts {
		text = reading.Text(f, text)
		if isPrice(f.Name) {
			if amount, err := money.Parse(text); err == nil && amount >= 0 || NoPrice(text) {
				n++
			}
			continue
		}
		if _, problem := f.Parse(text); problem == nil {
			n++
		}
	}
	return n
}

// NoPrice tells whether a price cell says that there is no fixed price.
func NoPrice(text string) bool {
	switch strings.ToLower(text) {
	case "", "-", "—", "/", "n/a", "面议", "议价", "待定", "无": //i18n:data spellings of "no fixed price"
		return true
	}
	return false
}

// middle is the amount in the middle of a column of amounts, in yuan; 0 without any.
func (v values) middle() float64 {
	var all []float64
	for _, text := range v.texts {
		if n, err := money.Parse(amount(text)); err == nil {
			all = append(all, float64(n)/100)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}
