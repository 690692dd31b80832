/**
 * Reads sources as the interpreter of a package will read them, and runs none of them. On standard input: one JSON object,
 * `{module, path, name, files: {path: text in base64}}`. It parses the entry, and from there what is imported for certain: whole
 * statements at the top of own modules. The answer: `{errors: [{path, line, text, certain}], missing, names, info}`, the last one
 * what get_info() of the class returns, where that can be read off, else null.
 */
export const PARSE_SCRIPT = `
import ast, base64, json, sys, warnings

warnings.simplefilter("ignore")
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
except Exception:
    pass
asked = json.load(sys.stdin)
files = {path: base64.b64decode(text) for path, text in asked["files"].items()}
trees, errors = {}, []

def parse(path, certain):
    if path in trees:
        return trees[path]
    trees[path] = None
    try:
        trees[path] = ast.parse(files[path], path)
    except SyntaxError as error:
        errors.append({"path": path, "line": error.lineno or 1, "text": str(error.msg), "certain": certain})
    except ValueError as error:
        errors.append({"path": path, "line": 1, "text": str(error), "certain": certain})
    except (RecursionError, MemoryError):
        pass
    return trees[path]

def found(module):
    place = module.replace(".", "/")
    for path in (place + ".py", place + "/__init__.py"):
        if path in files:
            return path
    return None

def base_of(path, level):
    parts = path.split("/")[:-1]
    return ".".join(parts[: len(parts) - level + 1])

def imported(path, tree):
    for node in tree.body:
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name
        elif isinstance(node, ast.ImportFrom):
            base = base_of(path, node.level) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield module
            for name in node.names:
                if found(module + "." + name.name):
                    yield module + "." + name.name

def follow(module):
    waiting, seen = [module], set()
    while waiting:
        module = waiting.pop()
        parts = module.split(".")
        for end in range(1, len(parts) + 1):
            path = found(".".join(parts[:end]))
            if path is None or path in seen:
                continue
            seen.add(path)
            tree = parse(path, True)
            if tree is not None:
                waiting.extend(imported(path, tree))

class Names(ast.NodeVisitor):
    """What is bound at the top of a module; 'unknown' where only running it would tell."""

    def __init__(self):
        self.bound, self.unknown = set(), False

    def visit_FunctionDef(self, node):
        self.bound.add(node.name)
        self.unknown = self.unknown or node.name == "__getattr__" or any(isinstance(n, ast.Global) for n in ast.walk(node))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        self.bound.add(node.name)

    def visit_Import(self, node):
        for name in node.names:
            self.bound.add(name.asname or name.name.split(".")[0])

    def visit_ImportFrom(self, node):
        for name in node.names:
            self.unknown = self.unknown or name.name == "*"
            self.bound.add(name.asname or name.name)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        self.unknown = self.unknown or node.id in ("globals", "exec", "setattr", "vars", "locals", "eval")

class Unread(Exception):
    pass

class Uses(ast.NodeVisitor):
    def __init__(self):
        self.stored, self.loaded = {}, {}

    def note(self, name, context):
        uses = self.loaded if isinstance(context, ast.Load) else self.stored
        uses[name] = uses.get(name, 0) + 1

    def visit_Name(self, node):
        self.note(node.id, node.ctx)

    def visit_Attribute(self, node):
        self.note(node.attr, node.ctx)
        self.generic_visit(node)

def constants(body, uses):
    """Names that are bound once, to what nobody else can change."""
    found = {}
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            if isinstance(target, ast.Name) and uses.stored.get(target.id) == 1:
                if isinstance(node.value, ast.Constant) or uses.loaded.get(target.id) == 1:
                    found[target.id] = node.value
    return found

def value_of(node, names, own):
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, (str, int, float, bool))):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [value_of(item, names, own) for item in node.elts]
    if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in node.keys):
        return {key.value: value_of(value, names, own) for key, value in zip(node.keys, node.values)}
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return -node.operand.value
    if isinstance(node, ast.Name) and names.get(node.id) is not None:
        return value_of(names[node.id], {**names, node.id: None}, own)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and own.get(node.attr) is not None:
        return value_of(own[node.attr], names, {**own, node.attr: None})
    raise Unread

def told(tree, name):
    """What get_info() returns, where one look says it for certain."""
    uses = Uses()
    uses.visit(tree)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    if len(classes) != 1 or "get_info" in uses.stored:
        return None
    for node in classes:
        if node.decorator_list or node.keywords:
            return None
        for method in node.body:
            if not (isinstance(method, ast.FunctionDef) and method.name == "get_info"):
                continue
            body = [line for line in method.body if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))]
            if method.decorator_list or len(body) != 1 or not isinstance(body[0], ast.Return):
                return None
            return {"line": body[0].lineno, "value": value_of(body[0].value, constants(tree.body, uses), constants(node.body, uses))}
    return None

if asked["module"]:
    follow(asked["module"])
entry = asked["path"]
if entry in files:
    parse(entry, True)
for path in sorted(files):
    parse(path, False)
missing, names = False, []
if asked["name"] and trees.get(entry) is not None:
    top = Names()
    try:
        top.visit(trees[entry])
    except RecursionError:
        top.unknown = True
    missing = not top.unknown and asked["name"] not in top.bound
    names = [node.name for node in trees[entry].body if isinstance(node, ast.ClassDef)][:10]
info = None
if asked["name"] and trees.get(entry) is not None and not missing:
    try:
        info = told(trees[entry], asked["name"])
        json.dumps(info, allow_nan=False)
    except (Unread, RecursionError, TypeError, ValueError):
        info = None
answer = {"errors": errors[:100], "missing": missing, "names": names, "info": info}
sys.stdout.write("\\n" + json.dumps(answer) + "\\n")
`;
