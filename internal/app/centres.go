package app

import (
	"strconv"
	"sync"

	"qiao/data"
	"qiao/internal/catalogue"
	"qiao/internal/platform/region"
)

// centres gives the catalogue the seats of cities and provinces; a county has its city's, a place without one its
// province's. The list is read when somebody first asks for a distance.
func centres() catalogue.Centre {
	type point struct{ lat, lng float64 }
	load := sync.OnceValue(func() map[string]point {
		list, err := data.Regions() // packed into the program: its test reads it, so that here nothing is said of it
		if err != nil {
			return nil
		}
		out := map[string]point{}
		for _, r := range list {
			lat, err1 := strconv.ParseFloat(r.Lat, 64)
			lng, err2 := strconv.ParseFloat(r.Lng, 64)
			if err1 == nil && err2 == nil {
				out[r.Code] = point{lat, lng}
			}
		}
		return out
	})
	return func(code string) (lat, lng float64, known bool) {
		for _, c := range []string{code, region.CityOf(code), region.ProvinceOf(code)} {
			if p, ok := load()[c]; ok {
				return p.lat, p.lng, true
			}
		}
		return 0, 0, false
	}
}
