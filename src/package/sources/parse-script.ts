/**
 * Reads sources as the interpreter of a package will read them, and runs none of them. On standard input: one JSON object,
 * `{module, path, name, files: {path: text in base64}}`. It parses the entry, and from there what is imported for certain: whole
 * statements at the top of own modules. The answer: `{errors: [{path, line, text, certain}], missing, names}`.
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
sys.stdout.write("\\n" + json.dumps({"errors": errors[:100], "missing": missing, "names": names}) + "\\n")
`;
