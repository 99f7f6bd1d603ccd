package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// cellStyle is what the format of a number means for its text.
type cellStyle struct {
	date  bool // a day, with or without a time
	zeros int  // digits it is filled up to with zeros in front; 0: none
}

// readStyles reads the number format of each cell style.
func (b *book) readStyles() error {
	formats := map[int]cellStyle{}
	inCells := false
	return b.scan("xl/styles.xml", 0, func(s *xmlScanner) error {
		switch {
		case s.is("numFmt"):
			formats[number(s.attr("numFmtId"))] = styleOf(string(s.attr("formatCode")))
		case s.is("cellXfs"):
			inCells = !s.empty
		case s.closes("cellXfs"):
			inCells = false
		case s.is("xf") && inCells && len(b.styles) < 1<<16:
			id := number(s.attr("numFmtId"))
			style, custom := formats[id]
			if !custom {
				style.date = builtInDate(id)
			}
			b.styles = append(b.styles, style)
		}
		return nil
	})
}

// builtInDate tells whether one of the formats that no file describes shows a day (ECMA-376, 18.8.30, with the East Asian ones).
func builtInDate(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 54 || id == 57 || id == 58
}

// styleOf reads a format code: what stands in quotes, brackets and behind a backslash is decoration.
func styleOf(code string) cellStyle {
	var plain strings.Builder
	first, _, _ := strings.Cut(code, ";")
	for i := 0; i < len(first); i++ {
		switch c := first[i]; c {
		case '"':
			if end := strings.IndexByte(first[i+1:], '"'); end >= 0 {
				i += end + 1
			}
		case '[':
			if end := strings.IndexByte(first[i+1:], ']'); end >= 0 {
				i += end + 1
			}
		case '\\', '_', '*':
			i++
		default:
			plain.WriteByte(c)
		}
	}
	text := strings.ToLower(plain.String())
	if text != "" && strings.Trim(text, "0") == "" && len(text) > 1 {
		return cellStyle{zeros: len(text)}
	}
	named := strings.HasPrefix(text, "general") || strings.HasPrefix(text, "standard")
	return cellStyle{date: !named && strings.ContainsAny(text, "yd")}
}

// show is a stored number as the style means it: a day as a day, a code with its zeros, any other as it is stored (the
// shown one may be rounded or grouped).
func (c cellStyle) show(stored string, epoch int) string {
	n, err := strconv.ParseFloat(stored, 64)
	if err != nil {
		return stored
	}
	switch {
	case c.date && n >= 1 && n < 2958466:
		return dayOf(n, epoch)
	case c.zeros > 0 && n >= 0 && n == math.Trunc(n) && n < 1e15:
		digits := strconv.FormatInt(int64(n), 10)
		return strings.Repeat("0", max(0, c.zeros-len(digits))) + digits
	}
	return tidy(stored)
}

// dayOf writes a day number, with its time where it has one.
func dayOf(n float64, epoch int) string {
	days := math.Floor(n)
	if days < 60 && epoch == 0 {
		days++ // the day 29 February 1900, which never was
	}
	seconds := math.Round((n - math.Floor(n)) * 86400)
	at := time.Date(1899, 12, 30+int(days)+epoch, 0, 0, int(seconds), 0, time.UTC)
	if seconds == 0 {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}

// tidy writes 12.300000000000001 as 12.3 and 1.38E+10 as 13800000000.
func tidy(s string) string {
	if !strings.ContainsAny(s, ".E") || len(s) < 7 || strings.Trim(s, "0123456789.E+-") != "" {
		return s
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !strings.Contains(s, "E") && len(strings.Trim(strings.Replace(s, ".", "", 1), "-0")) < 16 {
		return s
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil || math.Abs(short) > 1e18 {
		return s
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}
