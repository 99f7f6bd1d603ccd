package demo

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/money"
)

//go:embed sample/*.csv sample/records.json sample/special.json
var sampleFiles embed.FS

// Root is the demo's region, 嘉兴市 in 浙江省.
const Root = "330400"

// Password opens every sign-in of the demo; it is printed and shown wherever the demo is on.
const Password = "qiao-demo-2026"

// mark begins the name of everything invented.
const mark = "示例·" //i18n:data a mark on the data itself

// markEN is the same in English.
const markEN = "Sample: "

// organisation is an invented organisation.
type organisation struct {
	Key, NameZH, NameEN, Region, Kind, Capacity, Address string
	Number                                               int // its place in the file, from 1; makes its code
}

// USCC is the invented code of the organisation.
func (o organisation) USCC() string { return sampleUSCC(o.Number) }

// colleague is an invented person with a sign-in.
type colleague struct{ Login, Name, Organisation, Role, Does string }

// instrument is an invented instrument with its price, hours and details.
type instrument struct {
	ID, Owner, NameZH, NameEN, Model, Class, Technical, Function, Content string
	Unit                                                                  string // hour, sample, day
	Price                                                                 money.Fen
	Hours                                                                 []opening
	Voucher                                                               bool
	Worth, Commissioned                                                   string // 万元; a civil date
}

// opening is a stretch of a weekday (1 = Monday … 7), "08:30" to "17:30".
type opening struct {
	Weekday  int64
	From, To string
}

// testService is an invented service.
type testService struct {
	ID, Owner, NameZH, NameEN, Summary, Unit, Class string
	Price                                           money.Fen
	Voucher                                         bool
	Days                                            int64
}

// Logins are the sign-ins of the demo, as the sign-in page shows them. They are embedded; a build in
// which they cannot be read (a test looks) has none.
func Logins() []identity.DemoLogin {
	people, err := colleagues()
	if err != nil {
		return nil
	}
	out := make([]identity.DemoLogin, len(people))
	for i, p := range people {
		out[i] = identity.DemoLogin{Login: address(p.Login), Password: Password, Role: p.Does}
	}
	return out
}

// address is the sign-in of a short name.
func address(login string) string { return login + "@demo.qiao" }

func organisations() ([]organisation, error) {
	n := 0
	return rows("organisations", func(c map[string]string) (organisation, error) {
		n++
		return organisation{
			Key: c["key"], NameZH: mark + c["name_zh"], NameEN: markEN + c["name_en"], Region: c["region"], Kind: c["kind"],
			Capacity: c["capacities"], Address: c["address"], Number: n,
		}, nil
	})
}

func colleagues() ([]colleague, error) {
	return rows("people", func(c map[string]string) (colleague, error) {
		return colleague{Login: c["login"], Name: c["name"], Organisation: c["organisation"], Role: c["role"], Does: c["does"]}, nil
	})
}

func instruments() ([]instrument, error) {
	return rows("instruments", func(c map[string]string) (instrument, error) {
		price, err := money.Parse(c["price"])
		if err != nil {
			return instrument{}, fmt.Errorf("price of %s: %w", c["id"], err)
		}
		hours, err := openings(c["hours"])
		return instrument{
			ID: c["id"], Owner: c["owner"], NameZH: mark + c["name_zh"], NameEN: markEN + c["name_en"], Model: c["model"], Class: c["class"],
			Technical: c["technical"], Function: c["function"], Content: c["content"], Unit: c["unit"], Price: price, Hours: hours,
			Voucher: c["voucher"] == "y", Worth: c["worth"], Commissioned: c["commissioned"],
		}, err
	})
}

func services() ([]testService, error) {
	return rows("services", func(c map[string]string) (testService, error) {
		price, err := money.Parse(c["price"])
		if err != nil {
			return testService{}, fmt.Errorf("price of %s: %w", c["id"], err)
		}
		days, err := strconv.ParseInt(c["days"], 10, 64)
		return testService{
			ID: c["id"], Owner: c["owner"], NameZH: mark + c["name_zh"], NameEN: markEN + c["name_en"], Summary: c["summary"],
			Unit: c["unit"], Class: c["class"], Price: price, Voucher: c["voucher"] == "y", Days: days,
		}, err
	})
}

// openings reads "1-5 08:30-17:30": the same hours on a run of weekdays.
func openings(s string) ([]opening, error) {
	days, hours, ok1 := strings.Cut(s, " ")
	first, last, ok2 := strings.Cut(days, "-")
	from, to, ok3 := strings.Cut(hours, "-")
	a, err1 := strconv.ParseInt(first, 10, 64)
	b, err2 := strconv.ParseInt(last, 10, 64)
	if !ok1 || !ok2 || !ok3 || err1 != nil || err2 != nil || a < 1 || b > 7 || a > b {
		return nil, fmt.Errorf("hours %q", s)
	}
	var out []opening
	for d := a; d <= b; d++ {
		out = append(out, opening{Weekday: d, From: from, To: to})
	}
	return out, nil
}

// rows reads a file of samples, each row by the names of its heading.
func rows[T any](name string, row func(map[string]string) (T, error)) ([]T, error) {
	f, err := sampleFiles.Open("sample/" + name + ".csv")
	if err != nil {
		return nil, fmt.Errorf("demo: open %s: %w", name, err)
	}
	defer f.Close() //nolint:errcheck // an embedded file has nothing to lose
	r := csv.NewReader(f)
	heading, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("demo: heading of %s: %w", name, err)
	}
	var out []T
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("demo: read %s: %w", name, err)
		}
		named := make(map[string]string, len(cells))
		for i, c := range cells {
			named[heading[i]] = c
		}
		t, err := row(named)
		if err != nil {
			return nil, fmt.Errorf("demo: %s, row %d: %w", name, len(out)+2, err)
		}
		out = append(out, t)
	}
}
