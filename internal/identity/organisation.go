package identity

import (
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/state"
)

// Organisation is one legal or unincorporated body. What it may do on the platform are its capacities.
type Organisation struct {
	ID           string `db:"id"`
	NameZH       string `db:"name_zh"`
	NameEN       string `db:"name_en"`   // may be empty
	USCC         string `db:"uscc"`      // unified social credit code (GB 32100), unique; may be empty
	USCCNote     string `db:"uscc_note"` // why a code that fails its check is right: the registrant's evidence
	Region       string `db:"region"`    // home region, six digits
	Kind         string `db:"kind"`      // one of Kinds
	Parent       string `db:"parent"`    // the organisation it is part of: a university's centre; may be empty
	Status       string `db:"status"`    // one of Statuses
	StatusReason string `db:"status_reason"`
	Address      string `db:"address"`
	Website      string `db:"website"`
	ROR          string `db:"ror"` // the nine characters, without https://ror.org/; unique; may be empty
	Lat          string `db:"lat"` // decimal degrees as given; may be empty
	Lng          string `db:"lng"`
	Source       string `db:"source"`       // where a public record comes from: "ROR"; empty for its own registration
	SourceID     string `db:"source_id"`    // its id there; unique with the source
	Licence      string `db:"licence"`      // of the record: "CC0-1.0"
	RetrievedOn  string `db:"retrieved_on"` // date
	Sample       bool   `db:"sample"`       // invented, shown as 示例
	Revision     int64  `db:"revision"`     // 1, 2, … with every change

	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`
}

// The states of an organisation. A public record stays unclaimed until its owner takes it over.
const (
	StatusUnclaimed  = "unclaimed"  // 未认领: from a public source, nobody of it has an account
	StatusRegistered = "registered" // 待核验: registered itself, waits for the authority
	StatusVerified   = "verified"   // 已核验
	StatusRefused    = "refused"    // 未通过: may mend its registration and submit it again
	StatusSuspended  = "suspended"  // 已暂停
)

// The verbs of an organisation's registration.
const (
	VerbRegister = "register"
	VerbVerify   = "verify"
	VerbRefuse   = "refuse"
	VerbSuspend  = "suspend"
	VerbResubmit = "resubmit"
)

// The sides of the registration table.
const (
	SideAuthority = "authority" // the authority of its region, or the operator
	SideOwner     = "owner"     // the organisation itself
)

// Table is every move of an organisation's registration.
func Table() state.Table {
	return state.Table{
		{From: "", Verb: VerbRegister, To: StatusRegistered, Who: []string{SideOwner}},
		{From: StatusRegistered, Verb: VerbVerify, To: StatusVerified, Who: []string{SideAuthority}},
		{From: StatusRegistered, Verb: VerbRefuse, To: StatusRefused, Who: []string{SideAuthority}},
		{From: StatusRefused, Verb: VerbResubmit, To: StatusRegistered, Who: []string{SideOwner}},
		{From: StatusVerified, Verb: VerbSuspend, To: StatusSuspended, Who: []string{SideAuthority}},
		{From: StatusSuspended, Verb: VerbVerify, To: StatusVerified, Who: []string{SideAuthority}},
	}
}

// The capacities: what an organisation may be on the platform, many at once, each with its dates.
const (
	CapacityEnterprise   = "enterprise"   // 企业
	CapacityTeam         = "team"         // 创新创业团队
	CapacityProvider     = "provider"     // 资源提供单位
	CapacityIntermediary = "intermediary" // 技术服务中介机构
	CapacityAuthority    = "authority"    // 科技主管部门
	CapacityFinance      = "finance"      // 财政部门
	CapacityAssociation  = "association"  // 行业协会
	CapacityOperator     = "operator"     // 平台运营单位
	CapacityAlliance     = "alliance"     // 联盟
	CapacityAuditor      = "auditor"      // 审计
)

// OpenCapacities are those an organisation may ask for itself when it registers.
func OpenCapacities() []string {
	return []string{CapacityEnterprise, CapacityTeam, CapacityProvider, CapacityIntermediary}
}

// Capacities are all capacities; those not open are given by the operator.
func Capacities() []string {
	return append(OpenCapacities(), CapacityAuthority, CapacityFinance, CapacityAssociation, CapacityOperator, CapacityAlliance, CapacityAuditor)
}

// Capacity is one capacity of one organisation in one period.
type Capacity struct {
	Organisation string `db:"organisation"`
	Capacity     string `db:"capacity"`
	ValidFrom    string `db:"valid_from"`  // first day
	ValidTo      string `db:"valid_to"`    // last day; empty: no end
	VerifiedOn   string `db:"verified_on"` // date; empty: asked for, not yet verified
	VerifiedBy   string `db:"verified_by"` // the organisation that verified it; empty: set up by the operator
}

// In tells whether the capacity is verified and holds on the day (YYYY-MM-DD).
func (c Capacity) In(day string) bool {
	return c.VerifiedOn != "" && c.ValidFrom <= day && (c.ValidTo == "" || day <= c.ValidTo)
}

// Kinds are the legal forms of an organisation.
func Kinds() []string {
	return []string{"company", "university", "institute", "hospital", "government", "public", "association", "team", "facility", "other"}
}

// Statuses are the states of an organisation.
func Statuses() []string {
	return []string{StatusUnclaimed, StatusRegistered, StatusVerified, StatusRefused, StatusSuspended}
}

// The roles of a person in an organisation.
const (
	RoleAdmin      = "admin"      // 管理员: everything of the organisation, its people too
	RoleStaff      = "staff"      // 工作人员
	RoleTechnician = "technician" // 仪器管理员
	RoleOfficer    = "officer"    // 经办人
	RoleFinance    = "finance"    // 财务
)

// Roles are all roles.
func Roles() []string {
	return []string{RoleAdmin, RoleStaff, RoleTechnician, RoleOfficer, RoleFinance}
}

// KnownCapacity tells whether c is a capacity.
func KnownCapacity(c string) bool { return slices.Contains(Capacities(), c) }

// Object is what the permission table asks about an organisation: itself as owner, and its region.
func (o Organisation) Object() Object {
	return Object{Parties: map[string]string{SideOwner: o.ID}, Region: o.Region}
}
