package main

import (
	"sort"
	"strconv"
	"strings"

	"qiao/data"
)

// near is how far from a city's centre its institutions lie at most, in km.
const near = 60

// institutions are the ROR records with the region each was found to lie in.
type institutions struct {
	rows   []data.Institution
	byName map[string]string // Chinese name → ROR id, where the name is one institution's only
}

func packInstitutions(from string, r *regions) (*institutions, error) {
	rows, err := source(from, "institutions/ror-cn.csv")
	if err != nil {
		return nil, err
	}
	delta, err := source(from, "institutions/ror-yrd.csv")
	if err != nil {
		return nil, err
	}
	inDelta := map[string]bool{}
	for _, row := range delta {
		inDelta[row["ror_id"]] = true
	}
	out := &institutions{byName: map[string]string{}}
	for _, row := range rows {
		i := data.Institution{
			ROR: strings.TrimPrefix(row["ror_id"], "https://ror.org/"), NameZH: row["name_zh"], NameEN: row["name"],
			Acronym: row["acronym"], Types: strings.ToLower(row["types"]), City: row["city"], Admin: row["admin1"], Lat: row["lat"], Lng: row["lng"],
			Website: row["website"], Established: row["established"], Status: row["status"], Delta: inDelta[row["ror_id"]],
		}
		i.Region, i.RegionBy = r.locate(i)
		out.rows = append(out.rows, i)
	}
	sort.Slice(out.rows, func(a, b int) bool { return out.rows[a].ROR < out.rows[b].ROR })
	out.names()
	return out, nil
}

// names finds the Chinese names that belong to one active institution only.
func (s *institutions) names() {
	count := map[string]int{}
	for _, i := range s.rows {
		if i.NameZH != "" && i.Status == "active" {
			count[i.NameZH]++
			s.byName[i.NameZH] = i.ROR
		}
	}
	for name, n := range count {
		if n > 1 {
			delete(s.byName, name)
		}
	}
}

// locate finds an institution's region. Certain is: its city's name is the name of a city (or a county)
// whose centre (or whose city's centre) lies within near of its coordinates, and no other is. Else its
// province: as given, or that of the two nearest centres where they agree, unless its own name says another. Else none.
func (r *regions) locate(i data.Institution) (code, by string) {
	at, ok := pointOf(i.Lat, i.Lng)
	if !ok {
		return "", ""
	}
	if c := r.named(key(i.City), at, data.City, data.Province); c != "" {
		return c, "city"
	}
	if c := r.named(key(i.City), at, data.County); c != "" {
		return c, "county"
	}
	c := r.province(i.Admin)
	if first, second := r.nearest(at); c == "" && first != "" && first[:2] == second[:2] {
		c = first[:2] + "0000"
	}
	if c == "" || r.contradicts(i.NameZH, c) {
		return "", ""
	}
	return c, "province"
}

// contradicts tells whether an institution's name begins with a province or city of another province
// (贵州省农业科学院 in a town of Hubei that is called Guizhou).
func (r *regions) contradicts(name, province string) bool {
	for _, code := range r.codes {
		g := r.byCode[code]
		if (g.Level == data.Province || g.Level == data.City) && code[:2] != province[:2] && strings.HasPrefix(name, bare(g.NameZH)) {
			return true
		}
	}
	return false
}

// named is the one current division of the levels with this spelling and a centre near at; else "".
func (r *regions) named(name string, at point, levels ...string) string {
	found := ""
	for _, code := range r.codes {
		g := r.byCode[code]
		if !g.Current || !contains(levels, g.Level) || spelled(g.NameZH) != name || name == "" {
			continue
		}
		centre, ok := r.centre(g)
		if !ok || km(centre, at) > near {
			continue
		}
		if found != "" {
			return ""
		}
		found = code
	}
	return found
}

// centre is the place of a division, of the division above it when it has none of its own.
func (r *regions) centre(g *data.Region) (point, bool) {
	for g != nil {
		if p, ok := pointOf(g.Lat, g.Lng); ok {
			return p, true
		}
		g = r.byCode[g.Parent]
	}
	return point{}, false
}

// province is the code of a province by its English name as ROR gives it.
func (r *regions) province(name string) string {
	name = strings.TrimSuffix(name, " Hui Autonomous Region")
	for _, code := range r.codes {
		if g := r.byCode[code]; g.Level == data.Province && g.NameEN == name && name != "" {
			return code
		}
	}
	return ""
}

// nearest are the two nearest centres within near.
func (r *regions) nearest(at point) (first, second string) {
	d1, d2 := 2.0*near, 2.0*near
	for _, code := range r.codes {
		g := r.byCode[code]
		p, ok := pointOf(g.Lat, g.Lng)
		if !ok || !g.Current {
			continue
		}
		switch d := km(p, at); {
		case d < d1:
			first, second, d1, d2 = code, first, d, d1
		case d < d2:
			second, d2 = code, d
		}
	}
	if second == "" {
		return "", ""
	}
	return first, second
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (s *institutions) table() table {
	t := table{name: "institutions", heading: data.InstitutionColumns()}
	for _, i := range s.rows {
		t.rows = append(t.rows, []string{
			i.ROR, i.NameZH, i.NameEN, i.Acronym, i.Types, i.Region, i.RegionBy, i.City, i.Admin, i.Lat, i.Lng,
			i.Website, i.Established, i.Status, strconv.FormatBool(i.Delta),
		})
	}
	return t
}
