package catalogue

import (
	"context"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
)

// resourceBody is a resource on the wire.
type resourceBody struct {
	ID        string         `json:"id"`
	Kind      string         `json:"kind" doc:"instrument facility base service literature standard dataset achievement expert professional investor; institution in search results"`
	Name      string         `json:"name" doc:"In the language of the request where there is one"`
	NameZH    string         `json:"name_zh"`
	NameEN    string         `json:"name_en"`
	Summary   string         `json:"summary"`
	Model     string         `json:"model,omitempty"`
	Maker     string         `json:"maker,omitempty"`
	Class     string         `json:"class,omitempty" doc:"Instrument class, six digits, or the class of a service"`
	Region    string         `json:"region"`
	Status    string         `json:"status" doc:"draft review published suspended withdrawn"`
	Note      string         `json:"note,omitempty" doc:"Why it is suspended or withdrawn"`
	Revision  int64          `json:"revision"`
	Owner     resourceOwner  `json:"owner"`
	Price     *PriceLine     `json:"price,omitempty" doc:"The headline price; none where none is in force"`
	Prices    []PriceLine    `json:"prices"`
	Free      bool           `json:"free"`
	Voucher   bool           `json:"voucher" doc:"The owner accepts innovation vouchers"`
	Booking   bool           `json:"booking" doc:"The owner lets it be booked by the hour"`
	Bookable  bool           `json:"bookable" doc:"It can be booked now"`
	Access    []string       `json:"access" doc:"self operated mail_in remote"`
	Fields    map[string]any `json:"fields" doc:"The other fields of its kind; amounts in fen"`
	Origin    resourceOrigin `json:"origin"`
	Country   string         `json:"country,omitempty" doc:"Two letters where it is outside China"`
	Languages []string       `json:"languages" doc:"In which one is served"`
	IDs       []Identifier   `json:"identifiers" doc:"Persistent ids, without the address of their resolver"`
	CheckedOn string         `json:"checked_on,omitempty" doc:"Day on which its owner last said that the record is true"`
	Freshness string         `json:"freshness" enum:"fresh,due,stale,never" doc:"How true the record is known to be today"`
	Photo     string         `json:"photo,omitempty" doc:"Small picture of its first photo"`
	Files     []fileBody     `json:"files,omitempty" doc:"Photos and documents; in a record of its own only"`
	Sample    bool           `json:"sample" doc:"Invented"`
	UpdatedAt string         `json:"updated_at"`
	URL       string         `json:"url"`
	Matched   []string       `json:"matched,omitempty" doc:"Words of the query found in it"`
	Distance  *int           `json:"distance,omitempty" doc:"In search results: kilometres as the crow flies between the seats of the cities"`
	NextFree  *db.Time       `json:"next_free,omitempty" doc:"In search results: first free start within two weeks"`
}

type resourceOwner struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type resourceOrigin struct {
	Source      string `json:"source,omitempty"`
	SourceID    string `json:"source_id,omitempty"`
	Licence     string `json:"licence,omitempty"`
	RetrievedOn string `json:"retrieved_on,omitempty"`
	Unclaimed   bool   `json:"unclaimed" doc:"A public record; its owner has not claimed it"`
}

type fileBody struct {
	ID     string `json:"id"`
	Sort   string `json:"sort" enum:"photo,document"`
	Name   string `json:"name"`
	Title  string `json:"title" doc:"What a photo shows, for who cannot see it; the title of a document"`
	Type   string `json:"type" doc:"Media type, found in its content"`
	Size   int64  `json:"size" doc:"Bytes"`
	Width  int64  `json:"width,omitempty"`
	Height int64  `json:"height,omitempty"`
	SHA256 string `json:"sha256"`
	URL    string `json:"url"`
	Thumb  string `json:"thumb,omitempty" doc:"Small square picture"`
}

func (s *Service) wireFile(f File) fileBody {
	out := fileBody{ID: f.ID, Sort: f.Sort, Name: f.Name, Title: f.Title, Type: f.Type, Size: f.Size, Width: f.Width, Height: f.Height, SHA256: f.SHA256, URL: s.Address + f.Link(false)}
	if f.Sort == SortPhoto {
		out.Thumb = s.Address + f.Link(true)
	}
	return out
}

// wireWhole tells a resource with its files.
func (s *Service) wireWhole(ctx context.Context, r Resource, owner identity.Organisation) (resourceBody, error) {
	files, err := listFiles(ctx, s.DB, r.ID)
	if err != nil {
		return resourceBody{}, err
	}
	out := s.wire(ctx, r, owner)
	for _, f := range files {
		out.Files = append(out.Files, s.wireFile(f))
		if out.Photo == "" && f.Sort == SortPhoto {
			out.Photo = s.Address + f.Link(true)
		}
	}
	return out, nil
}

// wire tells a resource; contact data only to people signed in.
func (s *Service) wire(ctx context.Context, r Resource, owner identity.Organisation) resourceBody {
	out := resourceBody{
		ID: r.ID, Kind: r.Kind, Name: i18n.Pick(ctx, r.NameZH, r.NameEN), NameZH: r.NameZH, NameEN: r.NameEN, Summary: r.Summary, Model: r.Model, Maker: r.Maker,
		Class: r.Class, Region: r.Region, Status: r.Status, Note: r.Note, Revision: r.Revision,
		Owner: resourceOwner{ID: r.Owner, Name: i18n.Pick(ctx, owner.NameZH, owner.NameEN)}, Prices: orEmpty(r.Prices), Free: r.Free, Voucher: r.Voucher, Booking: r.Booking, Bookable: r.Bookable,
		Access: orEmpty(r.Access), Fields: map[string]any{}, Sample: r.Sample, UpdatedAt: r.UpdatedAt.Format("2006-01-02T15:04:05.000Z"), URL: s.link(r),
		Origin: resourceOrigin{Source: r.Source, SourceID: r.SourceID, Licence: r.Licence, RetrievedOn: r.RetrievedOn, Unclaimed: r.Source != "" && owner.Status == identity.StatusUnclaimed},
	}
	out.Country, out.Languages, out.IDs, out.CheckedOn, out.Freshness = r.Country, orEmpty(r.Languages), orEmpty(r.Identifiers), r.CheckedOn, r.Freshness
	if r.Photo.ID != "" {
		out.Photo = s.Address + r.Photo.Link(true)
	}
	if r.Price.Unit != "" {
		price := r.Price
		out.Price = &price
	}
	by, k := identity.SubjectOf(ctx), s.kindOf(r)
	contacts := by.SignedIn() && (!k.Personal || by.Org == r.Owner)
	for _, f := range k.Fields {
		if v, ok := r.Fields[f.Name]; ok && (!f.Hidden || contacts) {
			out.Fields[f.Name] = v
		}
	}
	return out
}

func orEmpty[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// wireItem tells a hit: a resource, or an institution in the same shape.
func (s *Service) wireItem(ctx context.Context, it Item) resourceBody {
	if it.Kind != KindInstitution {
		out := s.wire(ctx, it.Resource, it.Organisation)
		out.Matched = it.Matched
		return out
	}
	o := it.Organisation
	return resourceBody{
		ID: o.ID, Kind: KindInstitution, Name: i18n.Pick(ctx, o.NameZH, o.NameEN), NameZH: o.NameZH, NameEN: o.NameEN, Region: o.Region, Status: o.Status, Revision: o.Revision,
		Owner: resourceOwner{ID: o.ID, Name: i18n.Pick(ctx, o.NameZH, o.NameEN)}, Prices: []PriceLine{}, Access: []string{}, Fields: map[string]any{}, Languages: []string{}, IDs: []Identifier{}, Freshness: NeverChecked, Sample: o.Sample, Matched: it.Matched,
		Origin:    resourceOrigin{Source: o.Source, SourceID: o.SourceID, Licence: o.Licence, RetrievedOn: o.RetrievedOn, Unclaimed: o.Status == identity.StatusUnclaimed},
		UpdatedAt: o.UpdatedAt.Format("2006-01-02T15:04:05.000Z"), URL: s.Address + "/organisations/" + o.ID,
	}
}

// resourceDraft is what an owner says about a resource, on the wire.
type resourceDraft struct {
	Kind    string         `json:"kind,omitempty" doc:"Needed to create; cannot be changed" example:"instrument"`
	Region  string         `json:"region,omitempty" doc:"Six digits; the owner's where empty"`
	NameZH  string         `json:"name_zh,omitempty" doc:"One of the two names is needed"`
	NameEN  string         `json:"name_en,omitempty"`
	Summary string         `json:"summary,omitempty"`
	Model   string         `json:"model,omitempty"`
	Maker   string         `json:"maker,omitempty"`
	Class   string         `json:"class,omitempty"`
	Source  string         `json:"source_id,omitempty" doc:"The owner's own number, unique within the owner"`
	Fields  map[string]any `json:"fields,omitempty" doc:"The other fields of its kind"`
	Access  []string       `json:"access,omitempty"`
	Free    bool           `json:"free,omitempty"`
	Voucher bool           `json:"voucher,omitempty"`
	Booking *bool          `json:"booking,omitempty" doc:"May be booked by the hour; true where left out"`
	Prices  []PriceLine    `json:"prices,omitempty"`
	Hours   *[]Opening     `json:"hours,omitempty" doc:"Weekly opening hours; left out: unchanged, at first the owner's"`
	Country string         `json:"country,omitempty" doc:"Two letters (ISO 3166-1); empty: China"`
	Langs   []string       `json:"languages,omitempty" doc:"In which one is served"`
	IDs     []Identifier   `json:"identifiers,omitempty" doc:"Persistent ids; checked by the rules of their scheme"`
	Status  string         `json:"status,omitempty" enum:"draft,published" doc:"On creation: published where left out"`
}

func (d resourceDraft) draft() Draft {
	out := Draft{Kind: d.Kind, Region: d.Region, Access: d.Access, Free: d.Free, Voucher: d.Voucher, Booking: d.Booking == nil || *d.Booking, Prices: d.Prices, Country: d.Country, Languages: d.Langs, Identifiers: d.IDs, Values: map[string]any{}}
	for name, v := range d.Fields {
		out.Values[name] = v
	}
	for name, v := range map[string]string{"name_zh": d.NameZH, "name_en": d.NameEN, "summary": d.Summary, "model": d.Model, "maker": d.Maker, "class": d.Class, "source_id": d.Source} {
		if v != "" {
			out.Values[name] = v
		}
	}
	return out
}

// etag is the revision as an entity tag.
func etag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }

// revisionOf reads an If-Match header; 0 when there is none or any will do.
func revisionOf(ifMatch string) int64 {
	n, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(ifMatch, "W/"), `"`), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
