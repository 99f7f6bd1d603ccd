package identity

import (
	"slices"

	"qiao/internal/platform/db"
)

// wireOrganisation is an organisation on the wire.
type wireOrganisation struct {
	ID           string         `json:"id"`
	NameZH       string         `json:"name_zh"`
	NameEN       string         `json:"name_en,omitempty"`
	USCC         string         `json:"uscc,omitempty"`
	Region       string         `json:"region"`
	RegionPath   string         `json:"region_path,omitempty"`
	Kind         string         `json:"kind"`
	Parent       string         `json:"parent,omitempty"`
	Status       string         `json:"status" doc:"unclaimed registered verified refused suspended"`
	StatusReason string         `json:"status_reason,omitempty" doc:"For the organisation and the authority only"`
	USCCNote     string         `json:"uscc_note,omitempty" doc:"For the organisation and the authority only"`
	Capacities   []wireCapacity `json:"capacities,omitempty"`
	Address      string         `json:"address,omitempty"`
	Website      string         `json:"website,omitempty"`
	ROR          string         `json:"ror,omitempty"`
	Lat          string         `json:"lat,omitempty" doc:"Decimal degrees, as given"`
	Lng          string         `json:"lng,omitempty"`
	Origin       *wireOrigin    `json:"origin,omitempty" doc:"Of a public record"`
	Sample       bool           `json:"sample" doc:"Invented"`
	Revision     int64          `json:"revision"`
	UpdatedAt    string         `json:"updated_at" format:"date-time"`
}

type wireCapacity struct {
	Capacity   string `json:"capacity"`
	ValidFrom  string `json:"valid_from"`
	ValidTo    string `json:"valid_to,omitempty"`
	VerifiedOn string `json:"verified_on,omitempty"`
}

type wireOrigin struct {
	Source      string `json:"source"`
	SourceID    string `json:"source_id"`
	Licence     string `json:"licence"`
	RetrievedOn string `json:"retrieved_on"`
}

// brief is an organisation as in a list.
func brief(o Organisation) wireOrganisation {
	w := wireOrganisation{
		ID: o.ID, NameZH: o.NameZH, NameEN: o.NameEN, USCC: o.USCC, Region: o.Region, Kind: o.Kind, Parent: o.Parent, Status: o.Status,
		Address: o.Address, Website: o.Website, ROR: o.ROR, Lat: o.Lat, Lng: o.Lng, Sample: o.Sample, Revision: o.Revision, UpdatedAt: db.Stamp(o.UpdatedAt.Time),
	}
	if o.Source != "" {
		w.Origin = &wireOrigin{o.Source, o.SourceID, o.Licence, o.RetrievedOn}
	}
	return w
}

// full is an organisation with its capacities; what waits for verification is for the inside only.
func full(o Organisation, capacities []Capacity, path string, inside bool) wireOrganisation {
	w := brief(o)
	w.RegionPath = path
	if inside {
		w.StatusReason, w.USCCNote = o.StatusReason, o.USCCNote
	}
	for _, c := range capacities {
		if inside || c.VerifiedOn != "" {
			w.Capacities = append(w.Capacities, wireCapacity{c.Capacity, c.ValidFrom, c.ValidTo, c.VerifiedOn})
		}
	}
	return w
}

type wireRegion struct {
	Code      string `json:"code"`
	Parent    string `json:"parent,omitempty"`
	Level     string `json:"level" doc:"province city county"`
	NameZH    string `json:"name_zh"`
	NameEN    string `json:"name_en,omitempty"`
	ValidFrom string `json:"valid_from,omitempty"`
	ValidTo   string `json:"valid_to,omitempty"`
	Successor string `json:"successor,omitempty"`
}

// wireMe is who the token or the cookie stands for.
type wireMe struct {
	Person       string           `json:"person"`
	Name         string           `json:"name"`
	Acting       *wireMembership  `json:"acting,omitempty"`
	Capacities   []string         `json:"capacities" doc:"Verified and valid today"`
	Memberships  []wireMembership `json:"memberships"`
	Organisation string           `json:"organisation,omitempty" doc:"Id of the organisation acted for"`
	Region       string           `json:"region,omitempty"`
}

type wireMembership struct {
	ID           string `json:"id"`
	Organisation string `json:"organisation"`
	NameZH       string `json:"name_zh"`
	NameEN       string `json:"name_en,omitempty"`
	Role         string `json:"role"`
	Region       string `json:"region"`
	Status       string `json:"status" doc:"Of the organisation"`
}

func me(sub Subject, member []Membership) wireMe {
	w := wireMe{
		Person: sub.Person, Name: sub.Name, Capacities: slices.Clone(sub.Capacities), Organisation: sub.Org, Region: sub.Region,
		Memberships: make([]wireMembership, len(member)),
	}
	if w.Capacities == nil {
		w.Capacities = []string{}
	}
	for i, m := range member {
		w.Memberships[i] = wireMembership{m.ID, m.Organisation, m.OrgName, m.OrgNameEN, m.Role, m.Region, m.OrgStatus}
		if m.ID == sub.Membership {
			w.Acting = &w.Memberships[i]
		}
	}
	return w
}

// exampleRegistration is a body of POST /organisations that works.
func exampleRegistration() map[string]any {
	return map[string]any{
		"name_zh": "示例·南湖新材料有限公司", "uscc": "91350200776049653A", "region": "330402", "kind": "company", //i18n:data an example
		"capacities": []string{CapacityEnterprise},
		"person":     map[string]any{"name": "示例人", "login": "example@hecheng.example", "password": "nanhu-rain-0409"}, //i18n:data an example
	}
}
