package match

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"qiao/internal/platform/db"
	"qiao/internal/platform/textindex"
)

// Index finds candidates by the words of a need. Each group has its own engine and so its own statistics:
// the short texts of experts would drown among those of instruments.
type Index struct {
	analyser *textindex.Analyser
	engines  map[string]*textindex.Engine // by group
}

// NewIndex returns an empty index.
func NewIndex(a *textindex.Analyser) *Index {
	x := &Index{analyser: a, engines: map[string]*textindex.Engine{}}
	for _, g := range Groups() {
		x.engines[g] = textindex.New(a, textindex.Options{Plain: true})
	}
	return x
}

// page is how many supplies are read and indexed at a time.
const page = 500

// Rebuild fills the index from the suppliers and drops what they no longer have.
func (x *Index) Rebuild(ctx context.Context, q db.Q, s Suppliers) error {
	live := map[string]bool{}
	for after := ""; ; {
		list, err := s.After(ctx, q, after, page)
		if err != nil {
			return fmt.Errorf("read supplies after %q: %w", after, err)
		}
		if len(list) == 0 {
			break
		}
		for _, one := range list {
			live[one.ID] = true
			after = one.ID
		}
		if err := x.put(ctx, list); err != nil {
			return err
		}
	}
	for _, e := range x.engines {
		gone := slices.DeleteFunc(slices.Collect(maps.Keys(e.Digests())), func(id string) bool { return live[id] })
		if err := e.Apply(ctx, textindex.Batch{Delete: gone}); err != nil {
			return err
		}
	}
	return nil
}

// Refresh brings the index up to date with resources that changed, appeared or went.
func (x *Index) Refresh(ctx context.Context, q db.Q, s Suppliers, ids ...string) error {
	for some := range slices.Chunk(ids, page) {
		list, err := s.Supplies(ctx, q, some)
		if err != nil {
			return fmt.Errorf("read %d supplies: %w", len(some), err)
		}
		gone := slices.DeleteFunc(slices.Clone(some), func(id string) bool {
			return slices.ContainsFunc(list, func(one Supply) bool { return one.ID == id })
		})
		for _, e := range x.engines {
			if err := e.Apply(ctx, textindex.Batch{Delete: gone}); err != nil {
				return err
			}
		}
		if err := x.put(ctx, list); err != nil {
			return err
		}
	}
	return nil
}

func (x *Index) put(ctx context.Context, list []Supply) error {
	batches := map[string]*textindex.Batch{}
	for _, g := range Groups() {
		batches[g] = &textindex.Batch{}
	}
	for _, one := range list {
		for g, b := range batches {
			if g == GroupOf(one.Kind) {
				b.Put = append(b.Put, one.document())
			} else {
				b.Delete = append(b.Delete, one.ID)
			}
		}
	}
	for g, b := range batches {
		if err := x.engines[g].Apply(ctx, *b); err != nil {
			return fmt.Errorf("index %d supplies: %w", len(b.Put), err)
		}
	}
	return nil
}

func (s Supply) document() textindex.Document {
	return textindex.Document{ID: s.ID, Title: strings.TrimSpace(s.NameZH + " " + s.NameEN), Text: s.text()}
}

// Len is the number of supplies.
func (x *Index) Len() int {
	n := 0
	for _, e := range x.engines {
		n += e.Len()
	}
	return n
}

func snapshotPath(folder, group string) string { return filepath.Join(folder, "match-"+group+".idx") }

// Save writes a snapshot of each group into folder, with the position of the change feed.
func (x *Index) Save(folder, position string) error {
	for g, e := range x.engines {
		if err := e.Save(snapshotPath(folder, g), position); err != nil {
			return fmt.Errorf("save the %s candidates: %w", g, err)
		}
	}
	return nil
}

// Load reads the snapshots of folder and returns their position. Where one is missing, damaged or stands at
// another position than the others, it answers false and the caller rebuilds.
func (x *Index) Load(folder string) (position string, ok bool, err error) {
	groups := Groups()
	at, errs := make([]string, len(groups)), make([]error, len(groups))
	var all sync.WaitGroup
	for i, g := range groups {
		all.Go(func() { at[i], errs[i] = x.engines[g].Load(snapshotPath(folder, g)) })
	}
	all.Wait()
	for i, g := range groups {
		switch {
		case errors.Is(errs[i], fs.ErrNotExist) || errors.Is(errs[i], textindex.ErrSnapshot):
			return "", false, nil
		case errs[i] != nil:
			return "", false, fmt.Errorf("load the %s candidates: %w", g, errs[i])
		case at[i] != at[0]:
			return "", false, nil
		}
	}
	return at[0], true, nil
}
