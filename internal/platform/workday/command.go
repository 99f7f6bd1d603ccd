package workday

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// ErrUsage is wrong use of the command; its text says what to do instead.
var ErrUsage = errors.New("usage")

const usage = `qiao clock due counts a legal limit.

  qiao clock due --received DATE --days N [--unit working|natural|month] [--pause FROM..TO]…

Counting begins with the day after --received. Days of a --pause (both ends included) do not count.
A limit in natural days or months that would end on a day off ends on the next working day
(Civil Code art. 203); --keep-end leaves it where it is. --region adds a region's own entries.

Example: qiao clock due --received 2026-09-24 --days 5 --pause 2026-09-28..2026-09-29

Output: "due DATE", one line "N DATE" for each counted day, and "provisional" with the reason where
the calendar of a year is not published yet.
`

// pauseList collects --pause flags.
type pauseList []Pause

// String writes the pauses as they are given.
func (p *pauseList) String() string {
	parts := make([]string, len(*p))
	for i, x := range *p {
		parts[i] = x.From + ".." + x.To
	}
	return strings.Join(parts, ",")
}

// Set reads FROM..TO.
func (p *pauseList) Set(s string) error {
	from, to, ok := strings.Cut(s, "..")
	if !ok || from == "" || to == "" {
		return errors.New("write a pause as 2026-09-28..2026-09-29")
	}
	*p = append(*p, Pause{From: from, To: to})
	return nil
}

// Run is `qiao clock due`: it reads args (without "clock due"), counts with c and writes to out.
// Wrong use is an error that wraps ErrUsage.
func Run(c *Calendar, args []string, out io.Writer) error {
	var l Limit
	var unit, region string
	fl := flag.NewFlagSet("clock due", flag.ContinueOnError)
	fl.SetOutput(io.Discard)
	fl.StringVar(&l.Received, "received", "", "the day of receipt")
	fl.IntVar(&l.N, "days", -1, "how many units")
	fl.StringVar(&unit, "unit", string(Working), "working, natural or month")
	fl.StringVar(&region, "region", "", "six digits")
	fl.BoolVar(&l.Keep, "keep-end", false, "let the limit end on a day off")
	fl.Var((*pauseList)(&l.Pauses), "pause", "FROM..TO")
	switch err := fl.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		_, err := io.WriteString(out, usage)
		return err
	case err != nil:
		return fmt.Errorf("%w: %w; see qiao clock due --help", ErrUsage, err)
	case fl.NArg() > 0:
		return fmt.Errorf("%w: %q is not expected here; see qiao clock due --help", ErrUsage, fl.Arg(0))
	case l.Received == "" || l.N < 0:
		return fmt.Errorf("%w: --received and --days are needed (--days 0 or more); see qiao clock due --help", ErrUsage)
	}
	l.Unit = Unit(unit)
	count, err := c.In(region).Due(l)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUsage, err)
	}
	return write(out, count)
}

func write(out io.Writer, count Count) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "due %s\n", count.Due)
	for i, d := range count.Days {
		fmt.Fprintf(&b, "%d %s\n", i+1, d)
	}
	if count.Ended != "" {
		fmt.Fprintf(&b, "moved from %s, a day off, to the next working day\n", count.Ended)
	}
	if count.Provisional {
		b.WriteString("provisional: the holidays of a year on the way are not published yet; only weekends were left out\n")
	}
	_, err := out.Write(b.Bytes())
	return err
}
