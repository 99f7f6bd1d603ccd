package identity

import (
	"context"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

var t = i18n.T

// CapacityName is a capacity in the reader's language.
func CapacityName(ctx context.Context, capacity string) string {
	names := map[string]string{
		CapacityPublic: "任何人", CapacityPerson: "登录的人",
		CapacityEnterprise: "企业", CapacityTeam: "创新创业团队", CapacityProvider: "资源提供单位", CapacityIntermediary: "技术服务中介机构",
		CapacityAuthority: "科技主管部门", CapacityFinance: "财政部门", CapacityAssociation: "行业协会", CapacityOperator: "平台运营单位",
		CapacityAlliance: "联盟", CapacityAuditor: "审计部门",
	}
	return named(ctx, names, capacity)
}

// RoleName is a role in the reader's language.
func RoleName(ctx context.Context, role string) string {
	names := map[string]string{
		RoleAdmin: "管理员", RoleStaff: "工作人员", RoleTechnician: "仪器管理员", RoleOfficer: "经办人", RoleFinance: "财务人员",
	}
	return named(ctx, names, role)
}

// StatusName is the state of a registration in the reader's language.
func StatusName(ctx context.Context, status string) string {
	names := map[string]string{
		StatusUnclaimed: "未认领", StatusRegistered: "待核验", StatusVerified: "已核验", StatusRefused: "未通过", StatusSuspended: "已暂停",
	}
	return named(ctx, names, status)
}

// KindName is the legal form of an organisation in the reader's language.
func KindName(ctx context.Context, kind string) string {
	names := map[string]string{
		"company": "企业法人", "university": "高等学校", "institute": "科研院所", "hospital": "医疗卫生机构", "government": "党政机关",
		"public": "其他事业单位", "association": "社会团体", "team": "非法人团队", "facility": "科研设施", "other": "其他",
	}
	return named(ctx, names, kind)
}

func named(ctx context.Context, names map[string]string, key string) string {
	if zh, known := names[key]; known {
		return t(ctx, zh)
	}
	return key
}

// StatusChip is the state of a registration with its tone.
func StatusChip(ctx context.Context, status string) ui.Chip {
	tones := map[string]ui.Tone{
		StatusUnclaimed: ui.Plain, StatusRegistered: ui.Warn, StatusVerified: ui.OK, StatusRefused: ui.Bad, StatusSuspended: ui.Bad,
	}
	return ui.Chip{Tone: tones[status], Text: StatusName(ctx, status)}
}

// Name is the organisation's name in the reader's language.
func (o Organisation) Name(ctx context.Context) string { return i18n.Pick(ctx, o.NameZH, o.NameEN) }

// Path is the address of the organisation's public page.
func (o Organisation) Path() string { return "/organisations/" + o.ID }

// Ref is the organisation as pages name it.
func (o Organisation) Ref(ctx context.Context) ui.OrgRef {
	return ui.OrgRef{Name: o.Name(ctx), Href: o.Path(), Sample: o.Sample}
}

// name is the organisation of a membership in the reader's language.
func (m Membership) name(ctx context.Context) string { return i18n.Pick(ctx, m.OrgName, m.OrgNameEN) }

// User is who is signed in, as every page's frame shows it: the person, as which membership, and what else there is to
// act as. Nil for a visitor.
func (s *Service) User(ctx context.Context, sub Subject) (*ui.User, error) {
	if !sub.SignedIn() {
		return nil, nil
	}
	member, err := s.Memberships(ctx, s.db, sub.Person)
	if err != nil {
		return nil, err
	}
	u := &ui.User{Name: sub.Name, Sample: sub.Sample, Acting: t(ctx, "个人")}
	for _, m := range member {
		current := m.ID == sub.Membership
		if current {
			u.Acting = m.name(ctx) + " · " + RoleName(ctx, m.Role)
		}
		u.Others = append(u.Others, ui.Acting{ID: m.ID, Label: m.name(ctx), Note: RoleName(ctx, m.Role), Current: current})
	}
	return u, nil
}
