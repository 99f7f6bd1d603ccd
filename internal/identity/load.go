package identity

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/region"
)

// ReadRegions reads regions from CSV with a heading line. Columns, in any order: code (six digits) and name_zh are
// needed; name_en, parent, valid_from, valid_to, successor and source may be there. A parent that is not given is the
// city, else the province, that the digits name and the file has. A row that is wrong is an error naming its line.
func ReadRegions(r io.Reader, source string) ([]Region, error) {
	c := csv.NewReader(r)
	c.Comment = '#'
	c.ReuseRecord = true
	head, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("read the heading of the regions: %w", err)
	}
	column := map[string]int{}
	for i, h := range head {
		column[strings.TrimPrefix(strings.TrimSpace(h), "\ufeff")] = i
	}
	for _, must := range []string{"code", "name_zh"} {
		if _, there := column[must]; !there {
			return nil, fmt.Errorf("the regions have no column %s", must)
		}
	}
	var rows []Region
	for {
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			return rows, adopt(rows)
		}
		if err != nil {
			return nil, fmt.Errorf("read the regions: %w", err)
		}
		row, err := regionRow(column, rec, source)
		if err != nil {
			line, _ := c.FieldPos(0)
			return nil, fmt.Errorf("regions, line %d: %w", line, err)
		}
		rows = append(rows, row)
	}
}

func regionRow(column map[string]int, rec []string, source string) (Region, error) {
	get := func(name string) string {
		if i, there := column[name]; there {
			return strings.TrimSpace(rec[i])
		}
		return ""
	}
	r := Region{
		Code: get("code"), Parent: get("parent"), NameZH: get("name_zh"), NameEN: get("name_en"),
		ValidFrom: get("valid_from"), ValidTo: get("valid_to"), Successor: get("successor"), Source: get("source"),
	}
	if !ValidRegion(r.Code) {
		return r, fmt.Errorf("%q is not a region code of six digits", r.Code)
	}
	if r.NameZH == "" {
		return r, fmt.Errorf("region %s has no name", r.Code)
	}
	for _, day := range []string{r.ValidFrom, r.ValidTo} {
		if _, err := clock.Midnight(day); day != "" && err != nil {
			return r, fmt.Errorf("region %s: %q is not a date", r.Code, day)
		}
	}
	r.Level = levelOf(r.Code)
	if r.Source == "" {
		r.Source = source
	}
	return r, nil
}

// adopt gives each row without a parent the nearest region above it that is there.
func adopt(rows []Region) error {
	there := map[string]bool{}
	for _, r := range rows {
		there[r.Code] = true
	}
	for i := range rows {
		r := &rows[i]
		if r.Parent == "" && r.Level != LevelProvince {
			for _, up := range []string{region.CityOf(r.Code), region.ProvinceOf(r.Code)} {
				if up != r.Code && there[up] {
					r.Parent = up
					break
				}
			}
		}
		if r.Parent != "" && !there[r.Parent] {
			return fmt.Errorf("region %s: its parent %s is missing", r.Code, r.Parent)
		}
	}
	return nil
}

// LoadRegions reads regions (see [ReadRegions]) into the database and the memory; a row that is there is brought up to
// date. It returns how many rows were read.
func (s *Service) LoadRegions(ctx context.Context, r io.Reader, source string) (int, error) {
	rows, err := ReadRegions(r, source)
	if err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for batch := range slices.Chunk(rows, 200) {
			if err := upsertRegions(ctx, tx, batch); err != nil {
				return err
			}
		}
		tx.AfterCommit(func() { s.tree.Store(nil) })
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("load the regions: %w", err)
	}
	return len(rows), nil
}

// Tree is the regions in memory, read once and again after LoadRegions.
func (s *Service) Tree(ctx context.Context, q db.Q) (*Tree, error) {
	if t := s.tree.Load(); t != nil {
		return t, nil
	}
	rows, err := allRegions(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read the regions: %w", err)
	}
	t := NewTree(rows)
	if t.Len() > 0 { // an empty tree is a node that is still being set up
		s.tree.Store(t)
	}
	return t, nil
}

// Region is what a code means today; a fault NotFound when there is none.
func (s *Service) Region(ctx context.Context, q db.Q, code string) (Region, error) {
	t, err := s.Tree(ctx, q)
	if err != nil {
		return Region{}, err
	}
	r, ok := t.Region(code)
	if !ok {
		return Region{}, fault.New(fault.NotFound, "region-not-found", "没有代码为 {0} 的行政区划。", code)
	}
	return r, nil
}

// RegionPath is "浙江省 嘉兴市 南湖区"; the code itself when it is unknown or the regions are not loaded.
func (s *Service) RegionPath(code string) string {
	if t, err := s.Tree(context.Background(), s.db); err == nil {
		return t.Path(code)
	}
	return code
}

// RegionName is the whole line in the reader's language: "浙江省 嘉兴市 南湖区", "Nanhu District, Jiaxing, Zhejiang"; the
// code itself when it is unknown or the regions are not loaded.
func (s *Service) RegionName(ctx context.Context, code string) string {
	if t, err := s.Tree(ctx, s.db); err == nil {
		return t.Name(ctx, code, 0)
	}
	return code
}
