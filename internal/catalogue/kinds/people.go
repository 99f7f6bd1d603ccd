//i18n:data labels of fields, kept in both languages side by side

package kinds

// expert is a record of what a person does; it is no account, and contacts are shown only to signed-in people.
func expert() []Field {
	own := []Field{
		{Name: "institution", ZH: "工作单位", EN: "Institution", Type: Text, Max: 200, Group: "basic", Also: []string{"单位", "依托单位", "institution", "affiliation"}},
		{Name: "title", ZH: "职称", EN: "Academic title", Type: Text, Max: 60, Group: "basic", Also: []string{"title"}},
		{Name: "orcid", ZH: "ORCID", EN: "ORCID", Type: Text, Max: 19, Group: "basic", HintZH: "也可以填在永久标识中，那里会核对校验位。", HintEN: "May stand among the persistent ids as well, where its check digit is verified."},
		subjects(),
		{Name: "keywords", Element: "关键词", Wanted: true, ZH: "研究方向", EN: "Research topics", Type: List, Items: 20, Max: 60, Group: "technical", Also: []string{"关键词", "keywords", "topics"}},
		{Name: "projects", ZH: "代表性项目", EN: "Projects", Type: List, Items: 20, Max: 300, Group: "technical", Also: []string{"项目", "projects"}},
		{Name: "offers", ZH: "可提供的服务", EN: "Can help with", Type: Long, Max: 500, Group: "service", Also: []string{"服务内容", "offers"}},
	}
	return common(own...)
}

// ProfessionalClasses are the services round a firm's innovation.
func ProfessionalClasses() []Choice {
	return []Choice{
		{"ip", "知识产权", "Intellectual property", []string{"知识产权服务", "专利代理", "商标代理"}},
		{"accounting", "财税与审计", "Accounting, tax and audit", []string{"财务", "财税", "审计", "会计"}},
		{"legal", "法律", "Law", []string{"法律服务", "律师"}},
		{"personnel", "人力资源", "Personnel", []string{"人力", "人事", "招聘"}},
		{"declaration", "项目申报", "Project applications", []string{"项目申报服务", "政策申报"}},
		{"broker", "技术经理人", "Technology broker", []string{"技术经纪", "技术转移服务", "技术交易"}},
		{"certification", "体系认证", "Certification", []string{"认证", "管理体系"}},
		{"valuation", "评估", "Valuation", []string{"技术评估", "资产评估"}},
		{"management", "管理咨询", "Management consulting", []string{"咨询"}},
		{"information", "信息与软件", "Information technology", []string{"信息化"}},
		{"abroad", "国际合作", "International co-operation", []string{"涉外服务"}},
		{"other-professional", "其他专业服务", "Other", []string{"其他", "其它"}},
	}
}

// professional is a service round a firm's innovation, by an office or a person with a licence for it.
func professional() []Field {
	return []Field{
		{Name: "class", ZH: "专业类别", EN: "Class of service", Type: One, Core: true, Facet: true, Wanted: true, Group: "basic", Choices: ProfessionalClasses(), Also: []string{"服务类别", "专业服务类别", "service class"}},
		{Name: "institution", ZH: "执业机构", EN: "Office", Type: Text, Max: 200, Group: "basic", Also: []string{"机构", "单位", "institution"}},
		{Name: "qualification", ZH: "执业资格", EN: "Qualifications", Type: List, Items: 10, Max: 80, Wanted: true, Group: "basic", HintZH: "例如专利代理师、注册会计师、技术经理人。", HintEN: "For example patent attorney, certified accountant, technology broker.", Also: []string{"资格", "证书"}},
		{Name: "licence_no", ZH: "执业证号", EN: "Licence number", Type: Text, Max: 60, Group: "basic"},
		{Name: "items", ZH: "服务事项", EN: "What is done", Type: List, Items: 30, Max: 60, Wanted: true, Group: "service", HintZH: "例如发明专利申请、高企认定、股权架构，用逗号分隔。", HintEN: "For example patent filing, high-tech recognition, share structure; separate by commas."},
		subjects(), industries(),
		{Name: "turnaround", ZH: "服务周期", EN: "Turnaround", Type: Number, Max: 3, Group: "service", UnitZH: "个工作日", UnitEN: "working days"},
		{Name: "fee_terms", ZH: "收费方式", EN: "How it is charged", Type: Many, Items: 4, Group: "service", Choices: []Choice{{"fixed", "固定收费", "Fixed fee", nil}, {"by-hour", "按时收费", "By the hour", nil}, {"success", "成功后收费", "On success", []string{"按结果收费"}}, {"free-first", "首次咨询免费", "First consultation free", nil}}},
		{Name: "cases", ZH: "服务案例", EN: "Cases", Type: Long, Max: 1000, Group: "technical"},
		{Name: "requirement", ZH: "服务须知", EN: "Terms of service", Type: Long, Max: 500, Group: "service"},
		postal(),
	}
}
