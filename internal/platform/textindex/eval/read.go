package eval

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"qiao/internal/platform/textindex"
)

type query struct{ id, text string }

type collection struct {
	docs    []textindex.Document
	queries []query
	judged  map[string]map[string]int
}

// relevant returns the documents judged above 0 for a query.
func (c *collection) relevant(id string) map[string]int { return c.judged[id] }

func read(o Options) (*collection, error) {
	c := &collection{judged: map[string]map[string]int{}}
	err := table(o.Docs, 3, func(f []string) error {
		c.docs = append(c.docs, textindex.Document{ID: f[0], Title: f[1], Text: f[2]})
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = table(o.Queries, 2, func(f []string) error {
		c.queries = append(c.queries, query{f[0], f[1]})
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = table(o.Qrels, 3, func(f []string) error {
		rel, err := strconv.Atoi(strings.TrimSpace(f[2]))
		if err != nil {
			return fmt.Errorf("rel %q is not a whole number", f[2])
		}
		if rel <= 0 {
			return nil
		}
		if c.judged[f[0]] == nil {
			c.judged[f[0]] = map[string]int{}
		}
		c.judged[f[0]][f[1]] = rel
		return nil
	})
	return c, err
}

// longestLine bounds one line of a collection.
const longestLine = 16 << 20

// table reads a file with a header line and passes each row's fields, at least columns of them: a row
// that lacks its last ones gets them empty.
func table(path string, columns int, row func([]string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open a file of the collection: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 1<<20), longestLine)
	for line := 1; sc.Scan(); line++ {
		if line == 1 || sc.Text() == "" {
			continue
		}
		fields := strings.SplitN(strings.TrimSuffix(sc.Text(), "\r"), "\t", columns)
		for len(fields) < columns {
			fields = append(fields, "")
		}
		if fields[0] == "" {
			return fmt.Errorf("%s, line %d: no id", path, line)
		}
		if err := row(fields); err != nil {
			return fmt.Errorf("%s, line %d: %w", path, line, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
